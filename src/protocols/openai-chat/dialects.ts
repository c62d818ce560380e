/** How the followers of OpenAI's chat differ in what they take. */
export interface ChatDialect {
  /** Instructions have the role `developer`, limits are `max_completion_tokens`, for models that reason. */
  newerNames: boolean
  /** Custom tools with free text. */
  customTools: boolean
  /** `strict` in tools, and every schema in the answer's format. */
  strictTools: boolean
  /** `store`, `metadata`, `service_tier`, `prompt_cache_key`, `user`, `verbosity`, `prediction`: what only OpenAI's account has. */
  accountOptions: boolean
  /** How reasoning is asked for. */
  reasoning: 'effort' | 'object' | 'none'
  /** Thoughts of earlier turns with tools must come back. */
  wantsReasoningBack: boolean
  /** Takes `parallel_tool_calls`. */
  parallelOption: boolean
}

const openAi: ChatDialect = {
  newerNames: true,
  customTools: true,
  strictTools: true,
  accountOptions: true,
  reasoning: 'effort',
  wantsReasoningBack: false,
  parallelOption: true,
}
const follower: ChatDialect = {
  newerNames: false,
  customTools: false,
  strictTools: false,
  accountOptions: false,
  reasoning: 'effort',
  wantsReasoningBack: false,
  parallelOption: true,
}

/** By the preset's type; every other is a plain follower. */
const dialects: Readonly<Record<string, ChatDialect>> = {
  openai: openAi,
  azure: openAi,
  openrouter: { ...follower, reasoning: 'object', strictTools: true },
  deepseek: { ...follower, reasoning: 'none', wantsReasoningBack: true, parallelOption: false },
  mistral: { ...follower, reasoning: 'none' },
  fireworks: { ...follower, strictTools: true },
  groq: follower,
  xai: follower,
}

export function dialectOf(backendType: string): ChatDialect {
  return Object.hasOwn(dialects, backendType) ? (dialects[backendType] as ChatDialect) : follower
}
