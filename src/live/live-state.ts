import type { Attempt, Exchange } from '../core/exchange.ts'
import type { LiveState, WaitingFor } from '../core/live-snapshot.ts'
import type { OpenExchange } from './open-exchange.ts'

const stalledAfterNs = 10e9
/** A client that takes what it gets within this is not slow: streams in large pieces fall behind at every one of them. */
const slowAfterNs = 1e9

/** Where an exchange stands. `sinceNs` and `nowNs` are since it was opened. */
interface Standing {
  state: LiveState
  sinceNs: number
  waitingFor: WaitingFor
}

/**
 * The states of `spec/http-api.md`. `queued` is all that comes before the first attempt: `waitingFor` says whether the
 * request is still coming (client), is being read and placed (proxy), or stands in line (backend). `retrying` lasts from
 * an attempt's failure until the next one is answered.
 */
export function standingOf(open: OpenExchange, nowNs: number): Standing {
  const { inLine, receivedNs, attempts, clientGoneNs } = open.exchange
  if (inLine !== null) return { state: 'queued', sinceNs: inLine.sinceNs, waitingFor: 'backend' }
  const attempt = attempts.at(-1)
  if (!attempt) {
    const waitingFor = receivedNs === null ? 'client' : 'proxy'
    return { state: 'queued', sinceNs: receivedNs ?? 0, waitingFor }
  }
  if (clientGoneNs !== null) return { state: 'draining', sinceNs: clientGoneNs, waitingFor: 'backend' }
  if (attempt.endedNs !== null) return ended(open, attempt, attempt.endedNs, nowNs)
  if (attempt.firstByteNs === null || (attempt.status ?? 200) >= 300) return asked(open.exchange, attempt)
  return answering(open, attempt, attempt.firstByteNs, nowNs)
}

function ended(
  { exchange, visibleNs }: OpenExchange,
  attempt: Attempt,
  endedNs: number,
  nowNs: number,
): Standing {
  if (attempt.error !== null && exchange.error === null) {
    return { state: 'retrying', sinceNs: endedNs, waitingFor: 'backend' }
  }
  // All is written, and not all of it has been taken.
  const isSlow = nowNs - endedNs >= slowAfterNs
  return isSlow
    ? { state: 'client_slow', sinceNs: endedNs, waitingFor: 'client' }
    : { state: 'streaming', sinceNs: visibleNs ?? endedNs, waitingFor: 'client' }
}

function asked({ attempts, receivedNs }: Exchange, attempt: Attempt): Standing {
  const failedNs = attempts.at(-2)?.endedNs ?? null
  if (failedNs !== null) return { state: 'retrying', sinceNs: failedNs, waitingFor: 'backend' }
  if (attempt.sentNs === null) {
    return { state: 'connecting', sinceNs: attempt.startedNs, waitingFor: 'backend' }
  }
  // A body that streams through is sent while it comes.
  return { state: 'sent', sinceNs: attempt.sentNs, waitingFor: receivedNs === null ? 'client' : 'backend' }
}

function answering(open: OpenExchange, attempt: Attempt, firstByteNs: number, nowNs: number): Standing {
  const { clientIsBehind, clientTurnedNs } = open.exchange
  const turnedNs = clientTurnedNs ?? 0
  if (clientIsBehind && nowNs - turnedNs >= slowAfterNs) {
    return { state: 'client_slow', sinceNs: turnedNs, waitingFor: 'client' }
  }
  // While the client does not read, nothing is read from the backend: that silence is not its own.
  const heardNs = Math.max(firstByteNs, attempt.lastByteNs ?? 0, turnedNs)
  if (!clientIsBehind && nowNs - heardNs >= stalledAfterNs) {
    return { state: 'stalled', sinceNs: heardNs, waitingFor: 'backend' }
  }
  const waitingFor = clientIsBehind ? 'client' : 'backend'
  if (open.visibleNs !== null) return { state: 'streaming', sinceNs: open.visibleNs, waitingFor }
  const state = open.passesUnread ? 'streaming' : 'thinking'
  return { state, sinceNs: firstByteNs, waitingFor }
}
