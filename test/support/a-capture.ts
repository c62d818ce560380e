/**
 * Captures for tests, made of drafts that can be changed, so that a detector's test is a few lines:
 *
 *   const clean = aCapture({ protocol: 'anthropic-messages', stream: true })
 *   const cut = edited(clean, (x) => x.bothAnswers((leg) => leg.cutTail(40)))
 *   expect(issuesOf(truncatedStream, cut)).toMatchObject([{ severity: 'error', fault: 'backend' }])
 *   expect(issuesOf(truncatedStream, clean)).toEqual([])
 *
 * - `aCapture()` is one exchange of four legs, "Hi" → "Hello there." as a stream; `stream: false`, `request`, `answer`
 *   (an answer's JSON, or an array of stream blocks: JSON or text such as '[DONE]'), `status` put others in place.
 *   `aCapture([{…}, {…}])` is several exchanges of one session, a minute apart; each may say its own `session`,
 *   `turn`, `openedMs`.
 * - `captureOf(recorded)` is the same from an exchange of the corpus (`readCorpus()`), `sessionOf([a, b])` from several.
 * - `edited(capture, (x, capture) => …)` changes a copy: `x` is its last exchange. Legs are `x.request` (CTP),
 *   `x.ptb`, `x.btp` (of the last attempt), `x.answer` (PTC); `x.bothAnswers(edit)` changes BTP and PTC alike (the
 *   backend's doing), `x.bothRequests(edit)` CTP and PTB (the client's). What a leg can do is in `leg-draft.ts`:
 *   cutTail, keepBytes, dropChunk, editJson, editEvents, editBlocks, insertBlock, dropBlocks, replaceText, setBody,
 *   header, delay, endAs, `status = …`. Times are milliseconds since the exchange was opened.
 * - `readingOf(x, x.btp)` and `callOf(x, x.ptb)` are what detectors read of a leg as it now stands: to ask whether a
 *   recording has what a case wants to spoil.
 * - `addRefusal(x, {…})` puts a refused attempt in front of the others; `refused(x, status, body)` makes its answer one.
 * - `issuesOf(detector, capture)` runs it over all exchanges and gaps as `inspect` does.
 */
import type { Detector, Issue, Thresholds } from '../../src/capture/detectors/detector.ts'
import type { ModelKnowledge } from '../../src/capture/detectors/ports.ts'
import { createRunner } from '../../src/capture/detectors/runner.ts'
import { readAnswer } from '../../src/capture/view/read-answer.ts'
import { readRequest } from '../../src/capture/view/read-request.ts'
import type { AnswerReading } from '../../src/capture/view/reading.ts'
import type { CaptureGap } from '../../src/capture/view/view.ts'
import { ExchangeWindow } from '../../src/capture/view/window.ts'
import type { Call } from '../../src/core/call.ts'
import type { ProtocolName } from '../../src/core/protocol-name.ts'
import { ExchangeDraft } from './capture/exchange-draft.ts'
import { LegDraft } from './capture/leg-draft.ts'
import { anExchange, type ExchangeWishes, recordedExchange } from './capture/make-exchange.ts'
import type { CorpusExchange } from './corpus.ts'

export { ExchangeDraft, type ExchangeWishes, LegDraft }

export interface CaptureDraft {
  /** In the order of their opening. */
  exchanges: ExchangeDraft[]
  gaps: CaptureGap[]
  closedInOrder: boolean
  /** Milliseconds since 1970; null: five seconds after the last thing in it. */
  endsMs: number | null
}

export function aCapture(wishes: ExchangeWishes | readonly ExchangeWishes[] = {}): CaptureDraft {
  const list = Array.isArray(wishes) ? wishes : [wishes]
  return captureDraft(list.map((wish, index) => anExchange(wish, index)))
}

/** The exchanges of a corpus as one session, in the order given. */
export function sessionOf(recorded: readonly CorpusExchange[]): CaptureDraft {
  return captureDraft(recorded.map((one, index) => recordedExchange(one, index)))
}

export function captureOf(recorded: CorpusExchange): CaptureDraft {
  return sessionOf([recorded])
}

/** A changed copy; `x` is its last exchange. */
export function edited(
  capture: CaptureDraft,
  edit: (x: ExchangeDraft, capture: CaptureDraft) => unknown,
): CaptureDraft {
  const copy: CaptureDraft = {
    ...capture,
    exchanges: capture.exchanges.map((exchange) => exchange.clone()),
    gaps: [...capture.gaps],
  }
  edit(lastOf(copy), copy)
  return copy
}

export function lastOf({ exchanges }: CaptureDraft): ExchangeDraft {
  const last = exchanges.at(-1)
  if (!last) throw new Error('the capture has no exchange')
  return last
}

/** What an answer leg of this exchange says as it now stands. */
export function readingOf(x: ExchangeDraft, leg: LegDraft): AnswerReading {
  return readAnswer(
    leg.view(0, () => 0),
    protocolOf(x, leg),
    x.stream,
  )
}

/** The same of a request leg, in canonical words; null where it cannot be decoded. */
export function callOf(x: ExchangeDraft, leg: LegDraft): Call | null {
  return readRequest(
    leg.view(0, () => 0),
    protocolOf(x, leg),
  ).call
}

function protocolOf(x: ExchangeDraft, { attempt }: LegDraft): ProtocolName | null {
  if (attempt === null) return x.protocol
  return x.attempts.find(({ number }) => number === attempt)?.protocol ?? null
}

/** The answer becomes this refusal, on BTP and PTC; `headers` beside those that it had. */
export function refused(
  x: ExchangeDraft,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ExchangeDraft {
  return x.bothAnswers((leg) => refuse(leg, status, body, headers))
}

function refuse(leg: LegDraft, status: number, body: unknown, headers: Record<string, string>): void {
  leg.status = status
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  leg.chunks = [{ ms: (leg.headMs ?? 0) + 1, bytes: Buffer.from(text) }]
  leg.end = { why: 'eof', ms: (leg.headMs ?? 0) + 2, error: null }
  leg.header('content-type', 'application/json').header('content-length', String(Buffer.byteLength(text)))
  for (const [name, value] of Object.entries(headers)) leg.header(name, value)
}

/** Puts an attempt in front that was refused, at another backend by default; all else comes 300 ms later. */
export function addRefusal(
  x: ExchangeDraft,
  wish: {
    status?: number
    body?: unknown
    headers?: Record<string, string>
    backend?: string
    model?: string
  } = {},
): ExchangeDraft {
  const first = x.attempts[0]
  if (!first?.ptb || !first.btp) throw new Error('there is no attempt to put one in front of')
  const { status = 503, body = { error: { message: 'overloaded', type: 'server_error' } } } = wish
  const ptb = first.ptb.clone()
  const btp = first.btp.clone()
  btp.headMs = (ptb.headMs ?? 0) + 200
  refuse(btp, status, body, wish.headers ?? {})
  for (const { ptb: sent, btp: got } of x.attempts) for (const leg of [sent, got]) leg?.delayAll(300)
  x.ptc?.delayAll(300)
  const added = {
    ...{ number: 1, backend: wish.backend ?? 'other', backendType: wish.backend ?? 'other' },
    ...{ model: wish.model ?? first.model, protocol: first.protocol, ptb, btp },
  }
  x.attempts = [added, ...x.attempts]
  for (const [index, attempt] of x.attempts.entries()) {
    attempt.number = index + 1
    for (const leg of [attempt.ptb, attempt.btp]) if (leg) leg.attempt = index + 1
  }
  if (x.closed) {
    const [told] = x.closed.attempts
    const refusal = { ...told, backend: added.backend, status, reason: `the backend answered ${status}` }
    x.closed.attempts = [refusal, ...x.closed.attempts].map((attempt, index) => ({
      ...{ backend: '', backend_type: '', protocol: '' },
      ...attempt,
      n: index + 1,
    }))
  }
  return x
}

export interface RunOptions {
  thresholds?: Partial<Thresholds>
  models?: Partial<ModelKnowledge>
}

/** What detectors find in it, as `inspect` would say it. */
export function issuesOf(
  detectors: Detector | readonly Detector[],
  capture: CaptureDraft,
  options: RunOptions = {},
): Issue[] {
  const window = new ExchangeWindow({ endsAtNs: endNs(capture), closedInOrder: capture.closedInOrder })
  const runner = createRunner({
    detectors: Array.isArray(detectors) ? detectors : [detectors as Detector],
    around: window.around,
    ...options,
  })
  const issues: Issue[] = []
  for (const exchange of viewsOf(capture)) {
    issues.push(...runner.exchange(exchange))
    window.remember(exchange)
  }
  for (const gap of capture.gaps) issues.push(...runner.gap(gap))
  return issues
}

/** The exchanges as detectors get them, in the order in which they closed. */
export function viewsOf({ exchanges }: CaptureDraft) {
  let entry = 0
  const views = exchanges.map((exchange) => {
    const view = exchange.view('test.cbor', entry)
    entry = view.entries.last + 1
    return view
  })
  return views.sort((a, b) => a.lastAtNs - b.lastAtNs)
}

function endNs({ exchanges, endsMs }: CaptureDraft): number {
  const last = Math.max(0, ...exchanges.map((exchange) => exchange.openedMs + exchange.lastMs()))
  return (endsMs ?? last + 5000) * 1e6
}

function captureDraft(exchanges: ExchangeDraft[]): CaptureDraft {
  return { exchanges, gaps: [], closedInOrder: true, endsMs: null }
}
