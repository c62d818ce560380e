import { createHash } from 'node:crypto'
import type { JsonObject } from '../../../core/json.ts'
import type { ChatEncoding } from './chat-encoding.ts'

const names = ['user', 'metadata', 'service_tier', 'store', 'prompt_cache_key', 'verbosity'] as const
type Options = Record<(typeof names)[number], JsonObject[string]>

/** OpenAI's tiers by their own names, and by Anthropic's for the usual one. */
const tiers: ReadonlyMap<string, string> = new Map([
  ...['auto', 'default', 'flex', 'priority', 'scale'].map((tier): [string, string] => [tier, tier]),
  ['standard_only', 'default'],
])
const maxUserLength = 64
/** The models before GPT-5 have one verbosity. */
const beforeVerbosity = /(^|[/.])(gpt-[34]|chatgpt-4|o[1-9](-|$))/

/** What means something to OpenAI's own accounts only. */
export function encodeAccount({ call, dialect, target, lost }: ChatEncoding): JsonObject {
  const tier = call.serviceTier === null ? null : tiers.get(call.serviceTier)
  if (tier === undefined) lost.lose('service_tier')
  const options: Options = {
    user: call.userId === null ? null : fittingUser(call.userId),
    metadata: call.metadata,
    service_tier: tier ?? null,
    store: call.store,
    prompt_cache_key: call.promptCacheKey,
    verbosity: call.verbosity,
  }
  const ofModel = beforeVerbosity.test(target.model) ? (['verbosity'] as const) : []
  const refused = dialect.accountOptions ? ofModel : names
  for (const name of refused) {
    // Not to be kept is what happens there anyway.
    if (options[name] !== null && options[name] !== false) lost.lose(name)
    options[name] = null
  }
  return options
}

/** Claude Code's is longer than OpenAI takes: a hash tells users apart as well. */
function fittingUser(userId: string): string {
  return userId.length <= maxUserLength ? userId : createHash('sha256').update(userId).digest('hex')
}
