import { headerValue } from '../../core/http.ts'
import type { AttemptView, ExchangeView, LegView } from '../view/view.ts'
import type { ExportSide } from './exporter.ts'

/** A request and its answer, as one side of the proxy has them. */
export interface OneSide {
  request: LegView
  answer: LegView | null
  protocol: string | null
  /** Null on the client's side. */
  attempt: AttemptView | null
}

/** The client's one, or one of each attempt. Without a request there is nothing to tell. */
export function sidesOf(exchange: ExchangeView, side: ExportSide): OneSide[] {
  const { ctp, ptc, protocol, attempts } = exchange
  if (side === 'client') return ctp ? [{ request: ctp, answer: ptc, protocol, attempt: null }] : []
  return attempts.flatMap((attempt) =>
    attempt.ptb ? [{ request: attempt.ptb, answer: attempt.btp, protocol: attempt.protocol, attempt }] : [],
  )
}

/** Where a request went: a client's names its host in a header. */
export function urlOf({ url, headers }: LegView): string {
  const path = url ?? '/'
  if (/^https?:\/\//i.test(path)) return path
  const host = headerValue(headers, 'host') ?? 'localhost'
  const found = `http://${host}${path.startsWith('/') ? '' : '/'}${path}`
  // What is no address is none of a host of ours.
  return URL.canParse(found) ? found : 'http://localhost/'
}
