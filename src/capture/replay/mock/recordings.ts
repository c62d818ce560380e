import type { ExchangeView, LegView } from '../../view/view.ts'
import { clientRequest } from '../client-request.ts'
import { AskedRequest, type ReadingParts, type RequestParts } from './asked-request.ts'
import { ranks, rankText } from './ranks.ts'

/** Who asked, and so who is answered with it. `any`: client and backend had the same request. */
export type Asker = 'client' | 'proxy'

/** A recorded request with the answer that it had. */
export interface Recording {
  exchange: ExchangeView
  /** Null: the client's own request and answer. */
  attempt: number | null
  asker: Asker | 'any'
  request: RequestParts
  /** Null: not even a beginning of an answer was recorded. */
  answer: LegView | null
  /** When the request was there whole; answers count their time from then on. Nanoseconds since 1970. */
  askedAtNs: number
  /** A code of `core/errors.ts`, where no answer came. */
  failure: string | null
}

/**
 * What can be answered of these exchanges, in their order: each attempt at a backend, for a proxy that stands in front, and
 * what the client asked and got, for a client that asks directly. Where both are the same request and there was one
 * attempt, they are one recording, with the backend's bytes.
 */
export function recordingsOf(
  exchanges: readonly ExchangeView[],
  parts: Omit<ReadingParts, 'secrets'>,
): Recording[] {
  return exchanges.flatMap((exchange) => {
    const attempts = attemptRecordings(exchange)
    const own = clientRecording(exchange)
    if (own === null) return attempts
    const [only, second] = attempts
    if (only && !second && only.answer?.end?.why === 'eof' && isSame(only, own, parts)) {
      return [{ ...only, asker: 'any' as const }]
    }
    return [...attempts, own]
  })
}

/** How a recording's request is read: what was secret in it is overwritten already. */
export function requestOf(recording: Recording, { texts }: Omit<ReadingParts, 'secrets'>): AskedRequest {
  return new AskedRequest(recording.request, { secrets: null, texts })
}

function attemptRecordings(exchange: ExchangeView): Recording[] {
  return exchange.attempts.flatMap(({ number, ptb, btp }) => {
    if (ptb === null || !isWhole(ptb) || ptb.method === null || ptb.url === null) return []
    const told = exchange.closed?.attempts.find(({ n }) => n === number)
    const { method, url, headers } = ptb
    return [
      {
        ...{ exchange, attempt: number, asker: 'proxy' as const, answer: btp },
        request: { method, url, headers, body: ptb.body() },
        askedAtNs: endOf(ptb, exchange),
        failure: told?.error ?? null,
      },
    ]
  })
}

function clientRecording(exchange: ExchangeView): Recording | null {
  const { ctp, ptc, closed } = exchange
  if (ctp === null || exchange.forgotten || !isWhole(ctp) || ptc === null) return null
  const { method, path, body } = clientRequest({ ...exchange, ctp })
  return {
    ...{ exchange, attempt: null, asker: 'client', answer: ptc },
    request: { method, url: path, headers: ctp.headers, body },
    askedAtNs: endOf(ctp, exchange),
    failure: closed?.error ?? null,
  }
}

/** Files of the original say of no request that it ended; where its body is there, it is whole. */
function isWhole({ missing, end }: LegView): boolean {
  return missing === 0 && end?.why === 'eof'
}

function endOf(leg: LegView, exchange: ExchangeView): number {
  return leg.end?.atNs ?? leg.chunks.at(-1)?.atNs ?? leg.headAtNs ?? exchange.openedAtNs
}

const [exact] = ranks

function isSame(one: Recording, other: Recording, parts: Omit<ReadingParts, 'secrets'>): boolean {
  const [first, second] = [requestOf(one, parts), requestOf(other, parts)]
  const [{ endpoint: its }, { endpoint }] = [first, second]
  if (its.name !== endpoint.name || its.model !== endpoint.model) return false
  // Nearly always; to read both takes longer.
  if (Buffer.compare(one.request.body, other.request.body) === 0) return true
  return (
    first.group === second.group && exact !== undefined && rankText(first, exact) === rankText(second, exact)
  )
}
