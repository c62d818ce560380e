import { createHash } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { LossAt } from '../../../core/losses.ts'
import type { RequestEncoding } from './request-encoding.ts'

/** What this protocol has no parameter for, and when a call asks for it. */
const unsaid: readonly [LossAt<'request', 'anthropic-messages'>, (call: Call) => boolean][] = [
  ['seed', ({ seed }) => seed !== null],
  ['frequency_penalty', ({ frequencyPenalty }) => Boolean(frequencyPenalty)],
  ['presence_penalty', ({ presencePenalty }) => Boolean(presencePenalty)],
  ['n', ({ choices }) => choices !== null && choices > 1],
  ['logprobs', ({ logprobs }) => logprobs !== null],
  ['verbosity', ({ verbosity }) => verbosity !== null],
  ['metadata', ({ metadata }) => metadata !== null && Object.keys(metadata).length > 0],
  ['store', ({ store }) => store === true],
  ['prompt_cache_key', ({ promptCacheKey }) => promptCacheKey !== null],
  ['previous_response_id', ({ previousResponseId }) => previousResponseId !== null],
]

export function loseUnsaid({ call, lost }: RequestEncoding): void {
  for (const [loss, asks] of unsaid) if (asks(call)) lost.lose(loss)
  for (const { loss, param } of call.special) lost.loseSpecial(loss, param)
}

/** Anthropic's own tiers; those of others have other meanings under the same names. */
const tiers: ReadonlySet<string> = new Set(['auto', 'standard_only'])
const maxUserIdLength = 256

/** Who asks, and in which tier. A longer id than Anthropic takes is hashed: it only has to be the same each time. */
export function encodeIdentity({ call, lost }: RequestEncoding): JsonObject {
  const { userId, serviceTier } = call
  const known = serviceTier !== null && tiers.has(serviceTier)
  if (serviceTier !== null && !known) lost.lose('service_tier')
  return {
    ...(userId !== null && { metadata: { user_id: fitting(userId) } }),
    ...(known && { service_tier: serviceTier }),
  }
}

function fitting(userId: string): string {
  return userId.length <= maxUserIdLength ? userId : createHash('sha256').update(userId).digest('hex')
}
