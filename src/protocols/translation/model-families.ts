import type { Effort } from '../../core/call.ts'

/**
 * What models of one family take, as far as a request must be written differently for them. Data from the vendors'
 * model pages and the SDKs' types; the first pattern that fits a model's name counts.
 */
export interface ModelFamily {
  pattern: RegExp
  /** How reasoning is asked for: `none` cannot, `effort` by word, `budget` in tokens, `adaptive` by Anthropic's newer form. */
  reasoning: 'none' | 'effort' | 'budget' | 'adaptive'
  efforts: readonly Effort[]
  /** Whether temperature, top_p and penalties are refused: always, or while it reasons. */
  refusesSampling: 'always' | 'reasoning' | 'never'
  /** The most output tokens; Anthropic wants a limit in every request. */
  maxOutputTokens: number
  /** Takes a JSON schema for the answer (Anthropic's `output_config.format`). */
  outputFormat: boolean
  /** Takes instructions in the middle of a conversation. */
  systemInConversation: boolean
  /** Gemini 3 refuses function calls of earlier turns without the signature of the thoughts behind them. */
  needsThoughtSignature: boolean
  /** Fetches files by https URL itself. */
  fetchesUrls: boolean
}

const usualEfforts: readonly Effort[] = ['low', 'medium', 'high']
const plain: Omit<ModelFamily, 'pattern'> = {
  reasoning: 'none',
  efforts: [],
  refusesSampling: 'never',
  maxOutputTokens: 8192,
  outputFormat: true,
  systemInConversation: true,
  needsThoughtSignature: false,
  fetchesUrls: true,
}
const openAiReasoning: typeof plain = {
  ...plain,
  reasoning: 'effort',
  efforts: usualEfforts,
  refusesSampling: 'always',
  maxOutputTokens: 100_000,
}
const claude: typeof plain = { ...plain, outputFormat: false, systemInConversation: false }
const claudeBudget: typeof plain = {
  ...claude,
  reasoning: 'budget',
  refusesSampling: 'reasoning',
  maxOutputTokens: 64_000,
}
const claudeAdaptive: typeof plain = {
  ...claude,
  reasoning: 'adaptive',
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  refusesSampling: 'always',
  maxOutputTokens: 128_000,
  outputFormat: true,
  systemInConversation: true,
}
const geminiBudget: typeof plain = {
  ...plain,
  reasoning: 'budget',
  maxOutputTokens: 65_536,
  systemInConversation: false,
  fetchesUrls: false,
}

/** A name may have a vendor in front (`openai/gpt-5`, `us.anthropic.claude-…`). */
const families: readonly ModelFamily[] = [
  { ...openAiReasoning, pattern: /(^|[/.])gpt-5(\.\d+)?-chat/, reasoning: 'none', refusesSampling: 'never' },
  {
    ...openAiReasoning,
    pattern: /(^|[/.])gpt-5\.\d/,
    efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
    maxOutputTokens: 128_000,
  },
  {
    ...openAiReasoning,
    pattern: /(^|[/.])gpt-(5|[6-9])/,
    efforts: ['minimal', 'low', 'medium', 'high'],
    maxOutputTokens: 128_000,
  },
  { ...openAiReasoning, pattern: /(^|[/.])(o[1-9](-|$)|codex-)/ },
  { ...plain, pattern: /(^|[/.])(chatgpt-4|gpt-(3|4))/, maxOutputTokens: 16_384 },
  { ...plain, pattern: /llama|mixtral|codestral|(^|\/)mistral|gemma|phi-|command-r|qwen-?2/i },
  { ...openAiReasoning, pattern: /gpt-oss/, refusesSampling: 'never', maxOutputTokens: 32_768 },
  { ...openAiReasoning, pattern: /(^|\/)grok-3-mini/, efforts: ['low', 'high'], refusesSampling: 'never' },
  { ...openAiReasoning, pattern: /(^|\/)grok-4\.[35]/, refusesSampling: 'never' },
  { ...plain, pattern: /(^|\/)grok-[234]/, maxOutputTokens: 32_768 },
  { ...claude, pattern: /claude-(instant|2|3-(opus|haiku|sonnet))/, maxOutputTokens: 4096 },
  { ...claude, pattern: /claude-3[.-]5-/ },
  { ...claudeBudget, pattern: /claude-3[.-]7-/ },
  { ...claudeBudget, pattern: /claude-opus-4([.-][01])?(-2\d{7})?($|[@:-]v)/, maxOutputTokens: 32_000 },
  { ...claudeBudget, pattern: /claude-(sonnet-4)([.-]0)?(-2\d{7})?($|[@:-]v)/ },
  { ...claudeBudget, pattern: /claude-(sonnet|opus|haiku)-4[.-]5/, outputFormat: true },
  {
    ...claudeAdaptive,
    pattern: /claude-(sonnet|opus)-4[.-]6/,
    efforts: ['low', 'medium', 'high'],
    refusesSampling: 'reasoning',
    systemInConversation: false,
  },
  { ...claudeAdaptive, pattern: /claude-(sonnet|opus)-4[.-]7/, systemInConversation: false },
  { ...claudeAdaptive, pattern: /claude/ },
  { ...geminiBudget, pattern: /gemini-(1|2\.0)/, reasoning: 'none', maxOutputTokens: 8192 },
  { ...geminiBudget, pattern: /gemini-2/ },
  {
    ...geminiBudget,
    pattern: /gemini-[3-9].*pro/,
    reasoning: 'effort',
    efforts: ['low', 'high'],
    needsThoughtSignature: true,
    fetchesUrls: true,
  },
  {
    ...geminiBudget,
    pattern: /gemini-[3-9]/,
    reasoning: 'effort',
    efforts: ['minimal', 'low', 'medium', 'high'],
    needsThoughtSignature: true,
    fetchesUrls: true,
  },
]

/** Of a model that no pattern knows nothing is held back: its provider judges. */
const unknown: Omit<ModelFamily, 'pattern'> = {
  ...plain,
  reasoning: 'effort',
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
}

export function familyOf(model: string): Omit<ModelFamily, 'pattern'> {
  return families.find(({ pattern }) => pattern.test(model)) ?? unknown
}
