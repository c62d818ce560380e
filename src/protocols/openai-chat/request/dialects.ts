import type { TranslationTarget } from '../../../core/protocol.ts'

/** How the followers of OpenAI's chat differ in what they take. From their references and from what they refuse. */
export interface ChatDialect {
  /** Instructions have the role `developer`, limits are `max_completion_tokens`, for models that reason. */
  newerNames: boolean
  /** Custom tools with free text, and `allowed_tools`. */
  customTools: boolean
  /** `strict` in tools and in the answer's format. */
  strictTools: boolean
  /** What only OpenAI's accounts have: `store`, `metadata`, `service_tier`, `prompt_cache_key`, `user`, `verbosity`. */
  accountOptions: boolean
  /** How reasoning is asked for: OpenAI's word, OpenRouter's object, DeepSeek's switch. */
  reasoning: 'effort' | 'object' | 'switch' | 'none'
  /** Which thoughts of earlier turns it takes back: their text, or OpenRouter's `reasoning_details`. */
  thoughtsBack: 'text' | 'details' | 'none'
  /** Takes `parallel_tool_calls`. */
  parallelOption: boolean
  /** Takes a JSON schema for the answer. */
  outputSchemas: boolean
  /** Takes several texts in one message; else they are one. */
  textLists: boolean
  /** Takes instructions anywhere; else only as the one first message. */
  laterInstructions: boolean
  /** Takes the user's words right behind the results of tools. */
  userAfterTools: boolean
  /** Ids of tool calls must be nine letters and digits. */
  shortCallIds: boolean
  /** Takes `refusal` in the model's earlier messages; others refuse a key that they do not know. */
  refusals: boolean
  topK: boolean
  /** Takes Anthropic's marks of where the prompt may be cached. */
  cacheMarks: boolean
  /** Takes `video_url`. */
  video: boolean
  /** What it calls `seed`. */
  seed: 'seed' | 'random_seed'
}

const openAi: ChatDialect = {
  newerNames: true,
  customTools: true,
  strictTools: true,
  accountOptions: true,
  reasoning: 'effort',
  thoughtsBack: 'none',
  parallelOption: true,
  outputSchemas: true,
  textLists: true,
  laterInstructions: true,
  userAfterTools: true,
  shortCallIds: false,
  refusals: true,
  topK: false,
  cacheMarks: false,
  video: false,
  seed: 'seed',
}
const follower: ChatDialect = {
  ...openAi,
  newerNames: false,
  customTools: false,
  strictTools: false,
  accountOptions: false,
  textLists: false,
  refusals: false,
}
/** Whose models bring a template each, which may refuse a second instruction. */
const templates: ChatDialect = { ...follower, laterInstructions: false }

/** By the preset's type; every other is a plain follower. */
const dialects: ReadonlyMap<string, ChatDialect> = new Map<string, ChatDialect>([
  ['openai', openAi],
  ['azure', openAi],
  [
    'openrouter',
    {
      ...follower,
      ...{ reasoning: 'object', thoughtsBack: 'details', strictTools: true },
      ...{ textLists: true, topK: true, video: true, cacheMarks: true },
    },
  ],
  [
    'deepseek',
    {
      ...follower,
      ...{ reasoning: 'switch', thoughtsBack: 'text', parallelOption: false, outputSchemas: false },
    },
  ],
  ['mistral', { ...follower, reasoning: 'none', textLists: true, seed: 'random_seed' }],
  ['fireworks', { ...follower, strictTools: true, topK: true }],
  ['together', { ...follower, topK: true }],
  ['groq', follower],
  ['xai', follower],
  ['nvidia', templates],
  ['vllm', { ...templates, topK: true, video: true }],
  ['llamacpp', { ...templates, topK: true }],
  ['lmstudio', { ...templates, topK: true }],
  ['ollama', templates],
])

/** Mistral's models want these whoever serves them. */
const mistralModels = /(^|[/.-])(mistral|ministral|mixtral|magistral|devstral|codestral|pixtral)/i
const mistralWants = { shortCallIds: true, userAfterTools: false, laterInstructions: false }

export function dialectOf({ backendType, model }: TranslationTarget): ChatDialect {
  const dialect = dialects.get(backendType) ?? follower
  const isMistral = backendType === 'mistral' || mistralModels.test(model)
  return isMistral ? { ...dialect, ...mistralWants } : dialect
}
