import type { Detector, Subject } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { cachedRequest, type EarlierTurn, earlierTurn, sameCache } from './earlier-turn.ts'
import { firstDifference } from './prefix.ts'

/** Reference §4.2, 64: the client's request goes on from the turn before, and what the proxy made of it does not. */
export const cacheBrokenByProxy: Detector = {
  code: 'cache_broken_by_proxy',
  severity: 'error',
  summary: 'The client only went on, but the proxy changed what it had sent to the backend before',
  *find(subject) {
    const turn = earlierTurn(subject)
    if (!turn || !sameCache(turn) || wasElsewhere(subject, turn)) return
    const before = cachedRequest(turn.earlierAttempt.protocol, turn.earlier.ptb(turn.earlierAttempt)?.json)
    const after = cachedRequest(turn.attempt.protocol, subject.ptb(turn.attempt)?.json)
    if (!before || !after || firstDifference(turn.before, turn.after)) return
    const difference = firstDifference(before, after)
    if (!difference) return
    yield {
      severity: 'error',
      fault: 'proxy',
      leg: 'PTB',
      attempt: turn.attempt.number,
      description: `The proxy changed ${difference.path} of what it had sent in the turn before, although the client did not.`,
      evidence: {
        path: difference.path,
        before: quoted(difference.before),
        after: quoted(difference.after),
        earlier: turn.earlier.exchange.id,
      },
      hint: 'Compare PTB of both exchanges: a cache is lost with every byte that changes before its end.',
    }
  },
}

/** Where others have answered in the session, their thoughts must not come back: the proxy takes them out. */
function wasElsewhere({ exchange, around }: Subject, { attempt }: EarlierTurn): boolean {
  return [exchange, ...around.sessionBefore(exchange)].some(({ attempts }) =>
    attempts.some(
      ({ backendType, protocol, btp }) =>
        (btp?.status ?? 500) < 300 && (backendType !== attempt.backendType || protocol !== attempt.protocol),
    ),
  )
}
