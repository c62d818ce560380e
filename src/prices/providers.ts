/**
 * The catalogue's name for the provider behind a backend type. Types that run models on one's own machine
 * (ollama, lmstudio, llamacpp, vllm), nvidia and demo are not here: they cost what `prices` in the config says.
 */
export const catalogueProviders: ReadonlyMap<string, string> = new Map([
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['gemini', 'google'],
  ['azure', 'azure'],
  ['deepseek', 'deepseek'],
  ['fireworks', 'fireworks'],
  ['groq', 'groq'],
  ['mistral', 'mistral'],
  ['openrouter', 'openrouter'],
  ['together', 'together'],
  ['xai', 'x-ai'],
  // What a plan's exchange would have cost through the API.
  ['chatgpt', 'openai'],
])

/** Providers that charge audio as text where they publish no rate for it; with others it only lacks in the data. */
export const chargesAudioAsText: ReadonlySet<string> = new Set(['google'])
