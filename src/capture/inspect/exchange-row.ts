import type { Severity } from '../detectors/detector.ts'
import type { InspectedExchange } from './inspected-exchange.ts'

/** What a line says of an exchange; small, so that many can be kept. Unknown is null. */
export interface ExchangeRow {
  /** From 1, in the order in which exchanges ended. */
  number: number
  id: string
  file: string
  /** Nanoseconds since 1970. */
  openedAtNs: number
  session: string | null
  turn: number | null
  app: string | null
  protocol: string | null
  requestedModel: string | null
  model: string | null
  backend: string | null
  attempts: number
  stream: boolean
  status: number | null
  /** Null: it had not closed when the capture ended. */
  outcome: string | null
  reason: string | null
  error: string | null
  ttftMs: number | null
  durationMs: number
  /** The backend's longest silence within the answer. */
  gapMs: number | null
  inTokens: number | null
  outTokens: number | null
  costUsd: number | null
  chunks: number | null
  requestBytes: number | null
  answerBytes: number | null
  entries: { first: number; last: number }
  /** The worst first. */
  issues: { code: string; severity: Severity }[]
}

export function exchangeRow(
  x: InspectedExchange,
  issues: Iterable<ExchangeRow['issues'][number]>,
): ExchangeRow {
  const { view } = x
  const { closed } = view
  return {
    ...{ number: x.number, id: view.id, file: view.file, openedAtNs: view.openedAtNs },
    ...{ session: view.session, turn: view.turn, app: view.clientApp, protocol: view.protocol },
    ...{ requestedModel: view.requestedModel, model: x.model, backend: x.backend },
    ...{ attempts: view.attempts.length, stream: view.stream, status: x.status },
    outcome: closed?.outcome ?? null,
    reason: closed?.incomplete_reason ?? null,
    error: closed?.error ?? null,
    ...{ ttftMs: x.ttftMs, durationMs: x.durationMs, gapMs: x.gapMs },
    ...{ inTokens: x.inTokens, outTokens: x.outTokens, costUsd: x.costUsd },
    ...{ chunks: x.chunks, requestBytes: x.requestBytes, answerBytes: x.answerBytes },
    entries: view.entries,
    issues: Array.from(issues, ({ code, severity }) => ({ code, severity })),
  }
}
