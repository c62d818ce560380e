/** Words that tell one sibling of a family from another. */
const sizes = new Set([
  'mini',
  'nano',
  'tiny',
  'small',
  'medium',
  'large',
  'lite',
  'flash',
  'fast',
  'air',
  'pro',
  'plus',
  'max',
  'ultra',
  'turbo',
  'haiku',
  'sonnet',
  'opus',
  'codex',
  'reasoner',
  'thinking',
  'coder',
  'vision',
  'vl',
  'deep',
  'distill',
  'audio',
  'image',
  'search',
  'research',
  'embed',
  'embedding',
  'oss',
  'omni',
])

/** Words that say nothing about which model it is. */
const qualifiers = new Set([
  'latest',
  'preview',
  'exp',
  'experimental',
  'beta',
  'free',
  'stable',
  'ga',
  'v',
  'it',
  'instruct',
  'chat',
  'models',
  'us',
  'eu',
  'apac',
  'global',
  'anthropic',
  'openai',
  'google',
  'meta',
  'mistral',
  'amazon',
  'hf',
  'versatile',
  'instant',
  'nitro',
  'floor',
  'online',
  'extended',
  'fp',
  'bf',
  'q',
  'k',
  'm',
  'awq',
  'gptq',
  'gguf',
  'mlx',
  'bit',
  'tput',
])

/** Names under which vendors serve whatever is newest, by their pages on models. */
const movingNames: readonly { asked: RegExp; answers: RegExp }[] = [
  { asked: /^deepseek-(?:chat|reasoner)$/, answers: /deepseek/ },
  { asked: /^gpt-4-turbo(?:-preview)?$/, answers: /^gpt-4-/ },
  { asked: /^chatgpt-4o-latest$/, answers: /gpt-4o/ },
]

/** Asked for, a router picks a model itself. */
const routers = /(?:^|[/-])(?:auto|router|default|fallback|best|cheapest|random)(?:$|[:@-])/

/**
 * Whether an answer of this model is no answer of the model that was asked for: another family, version or size.
 * Dates, vendors, and words like `-latest` make no difference.
 */
export function isOtherModel(asked: string, answered: string): boolean {
  const wanted = plain(asked)
  const got = plain(answered)
  if (wanted === got || wanted === '' || got === '' || routers.test(asked.toLowerCase())) return false
  if (movingNames.some((names) => names.asked.test(wanted) && names.answers.test(got))) return false
  return differ(words(wanted), words(got), /latest/.test(asked))
}

/** Without vendor, variant and date. */
function plain(name: string): string {
  const last = name
    .toLowerCase()
    .trim()
    .replace(/^.*\//, '')
    .replace(/@.*$|-v\d+:\d+$/, '')
  return last.replace(
    /[-_.](?:20\d{6}|20\d{2}-\d{2}-\d{2}|\d{2}-20\d{2}|\d{2}-\d{2}|[0-3]\d[0-3]\d|2[4-9][01]\d|00\d)(?=$|[-_.:])/g,
    '',
  )
}

/** `gpt-4o` and `llama3.3` come apart into letters and numbers, in whatever order they stand. */
function words(name: string): string[] {
  return (name.match(/[a-z]+|\d+/g) ?? []).filter((word) => !qualifiers.has(word) && word !== '0')
}

function differ(wanted: readonly string[], got: readonly string[], movesVersions: boolean): boolean {
  const missing = without(wanted, got)
  const extra = without(got, wanted)
  const hasVersion = wanted.some(isNumber)
  const told = (word: string) => isNumber(word) || sizes.has(word)
  if (!hasVersion || movesVersions) {
    // The name stands for the newest of its kind.
    return missing.some((word) => !isNumber(word)) || extra.some((word) => sizes.has(word))
  }
  return missing.length > 0 || extra.some(told)
}

function without(list: readonly string[], taken: readonly string[]): string[] {
  const left = [...taken]
  return list.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function isNumber(word: string): boolean {
  return /^\d/.test(word)
}
