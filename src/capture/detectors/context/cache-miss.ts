import type { ReportedUsage } from '../../../core/usage.ts'
import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { Detector, Subject } from '../detector.ts'
import { leastCachedTokens } from './cache-prefix-broken.ts'
import { type EarlierTurn, earlierTurn, sameCache } from './earlier-turn.ts'
import { firstDifference } from './prefix.ts'

const minutes = 60
const hour = 60 * minutes

/** Reference §4.2, 63: the prompt only went on, and yet its cache served little or nothing. */
export const cacheMiss: Detector = {
  code: 'cache_miss',
  severity: 'warn',
  summary: 'A prompt that only went on from the turn before was not served from the cache',
  *find(subject) {
    const turn = earlierTurn(subject)
    const usage = turn && subject.btp(turn.attempt)?.answer?.usage
    if (!turn || !usage || !sameCache(turn)) return
    const held = heldTokens(turn)
    // Who does not say what came from the cache is not known to have missed it.
    if (held < leastCachedTokens || usage.cachedTokens === undefined || usage.cachedTokens * 2 >= held) return
    if (firstDifference(turn.before, turn.after)) return
    const seconds = secondsBetween(turn.earlier.exchange.lastAtNs, subject.exchange.openedAtNs)
    const isExpired = seconds > timeToLive(subject)
    yield {
      severity: isExpired ? 'info' : 'warn',
      fault: isExpired ? 'client' : 'backend',
      leg: 'BTP',
      attempt: turn.attempt.number,
      description: `${usage.cachedTokens} tokens came from the cache, of about ${held} that the turn ${secondsText(Math.max(0, seconds))} before had left there${isExpired ? ': it had expired' : ''}.`,
      evidence: {
        cachedTokens: usage.cachedTokens,
        held,
        promptTokens: usage.promptTokens ?? null,
        secondsSince: Math.round(seconds),
        earlier: turn.earlier.exchange.id,
      },
      hint: isExpired
        ? 'A longer time to live (cache_control.ttl "1h") pays where turns come minutes apart.'
        : 'Providers lose caches under load; a cache key (prompt_cache_key) or breakpoints make it rarer.',
    }
  },
}

/**
 * What the earlier turn shows to be in the cache: read from it or written to it. Where the provider's own tools worked,
 * or it shortened the conversation, the numbers are of several prompts, none of which need come again.
 */
function heldTokens({ earlier, earlierAttempt }: EarlierTurn): number {
  const reading = earlier.btp(earlierAttempt)
  if (!reading || reading.kinds.has('server_tool') || reading.kinds.has('content')) return 0
  const usage: ReportedUsage = reading.answer?.usage ?? {}
  const { cachedTokens = 0, cacheWriteTokens = 0, promptTokens = 0 } = usage
  return Math.min(promptTokens, cachedTokens + cacheWriteTokens)
}

function timeToLive({ exchange }: Subject): number {
  const body = exchange.ctp?.body() ?? new Uint8Array()
  const isLong = /"ttl"\s*:\s*"1h"|"prompt_cache_retention"/
  return isLong.test(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'))
    ? hour
    : 5 * minutes
}
