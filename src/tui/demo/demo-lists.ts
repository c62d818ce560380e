import type { LiveExchange, LiveIssue, LiveRecent, LiveSession, LiveState } from '../../core/live-snapshot.ts'
import { closedS, costUsd, type DemoExchange, outputAt } from './demo-exchange.ts'
import { sum } from './measures.ts'
import { recordedAtMs } from './recording.ts'
import { seenIssues } from './story.ts'

const mostRecent = 60

export function inFlightAt(all: readonly DemoExchange[], atS: number): LiveExchange[] {
  return all.filter((one) => one.openedS <= atS && closedS(one) > atS).map((one) => running(one, atS))
}

export function recentAt(all: readonly DemoExchange[], atS: number): LiveRecent[] {
  return all
    .filter((one) => closedS(one) <= atS)
    .toSorted((a, b) => closedS(b) - closedS(a))
    .slice(0, mostRecent)
    .map(ended)
}

export function sessionsAt(all: readonly DemoExchange[], atS: number): LiveSession[] {
  const bySession = new Map<string, DemoExchange[]>()
  for (const one of all) {
    if (one.session === null || one.openedS > atS) continue
    bySession.set(one.session, [...(bySession.get(one.session) ?? []), one])
  }
  return [...bySession]
    .toSorted(([, a], [, b]) => lastHeardS(b, atS) - lastHeardS(a, atS))
    .map(([id, own]) => session(id, own, atS))
}

export function issuesAt(all: readonly DemoExchange[], atS: number): LiveIssue[] {
  return seenIssues
    .filter((issue) => issue.atS <= atS)
    .toSorted((a, b) => b.atS - a.atS)
    .map(({ atS: seenS, ...issue }) => ({
      ...issue,
      at: isoAt(seenS),
      exchange_id:
        all.findLast((one) => one.session === issue.session_id && one.openedS <= seenS)?.id ?? null,
    }))
}

export function isoAt(atS: number): string {
  return new Date(Math.round(recordedAtMs + atS * 1_000)).toISOString()
}

/** Where an exchange stands, and since when, in seconds since it was opened. */
function stateAt(exchange: DemoExchange, atS: number): { state: LiveState; sinceS: number } {
  const { hold, retriedS, firstTokenS } = exchange
  const ageS = atS - exchange.openedS
  if (hold !== null && ageS >= hold.fromS && ageS < hold.untilS)
    return { state: hold.state, sinceS: hold.fromS }
  if (firstTokenS !== null && ageS >= firstTokenS) return { state: 'streaming', sinceS: firstTokenS }
  if (retriedS !== null && ageS >= retriedS) return { state: 'retrying', sinceS: retriedS }
  if (ageS < 0.05) return { state: 'connecting', sinceS: 0 }
  return ageS < 4 ? { state: 'sent', sinceS: 0.05 } : { state: 'thinking', sinceS: 4 }
}

function running(exchange: DemoExchange, atS: number): LiveExchange {
  const { state, sinceS } = stateAt(exchange, atS)
  const { openedS, firstTokenS, retriedS } = exchange
  const ageS = atS - openedS
  const hasBegun = firstTokenS !== null && ageS >= firstTokenS
  const output = outputAt(exchange, atS)
  const isSecond = retriedS !== null && ageS >= retriedS
  return {
    ...{ id: exchange.id, age_ms: ageS * 1_000, state, state_ms: (ageS - sinceS) * 1_000 },
    waiting_for: state === 'client_slow' ? 'client' : state === 'connecting' ? 'proxy' : 'backend',
    ...{ frontend: exchange.frontend, client_app: exchange.app, proxy_user: null },
    ...{ session_id: exchange.session, turn_number: exchange.turn, requested_model: exchange.requested },
    backend: retriedS !== null && !isSecond ? 'gemini' : exchange.backend,
    model: retriedS !== null && !isSecond ? exchange.requested : exchange.model,
    ...{ attempt: isSecond ? 2 : 1, attempts: retriedS === null ? 1 : 2 },
    output_tokens: hasBegun ? output : 0,
    tps: hasBegun && ageS > firstTokenS + 0.5 ? output / (ageS - firstTokenS) : null,
    ttft_ms: hasBegun ? firstTokenS * 1_000 : null,
    cost_usd: costUsd(exchange, output),
    replaced: false,
  }
}

function ended(exchange: DemoExchange): LiveRecent {
  const { promptTokens, cachedTokens, outputTokens, firstTokenS, endedS, outcome } = exchange
  const isAnswered = outcome !== 'error'
  return {
    ...{ id: exchange.id, at: isoAt(closedS(exchange)), status: exchange.status, outcome },
    ...{ incomplete_reason: exchange.reason, error: exchange.error, frontend: exchange.frontend },
    ...{
      client_app: exchange.app,
      session_id: exchange.session,
      turn_number: exchange.turn,
      call_purpose: 'chat',
    },
    ...{ requested_model: exchange.requested, backend: exchange.backend, model: exchange.model },
    attempts: exchange.retriedS === null ? 1 : 2,
    prompt_tokens: promptTokens,
    completion_tokens: isAnswered ? outputTokens : null,
    cached_tokens: isAnswered ? cachedTokens : null,
    // Providers report when an answer is whole.
    tokens_reported: outcome === 'complete',
    ...{ ttft_ms: firstTokenS === null ? null : firstTokenS * 1_000, duration_ms: endedS * 1_000 },
    cost_usd: isAnswered ? costUsd(exchange) : null,
    ...{ replacement: null, issue: exchange.issue },
  }
}

function session(id: string, own: readonly DemoExchange[], atS: number): LiveSession {
  const closed = own.filter((one) => closedS(one) <= atS)
  const last = closed.at(-1)
  const priced = closed.flatMap((one) => costUsd(one) ?? [])
  return {
    ...{ id, client_app: own[0]?.app ?? null, turns: own.length, in_flight: own.length - closed.length },
    tokens: sum(closed, ({ promptTokens, outputTokens }) => promptTokens + outputTokens),
    cost_usd: priced.length === 0 ? null : sum(priced, (usd) => usd),
    last_end_ms_ago: last === undefined ? null : (atS - closedS(last)) * 1_000,
    last_stop: last === undefined ? null : last.tools.length > 0 ? 'tool' : 'stop',
    client_runs: [...(last?.tools ?? [])],
    issues: seenIssues.filter((issue) => issue.session_id === id && issue.atS <= atS).length,
  }
}

function lastHeardS(own: readonly DemoExchange[], atS: number): number {
  return Math.max(...own.map((one) => Math.min(closedS(one), atS)))
}
