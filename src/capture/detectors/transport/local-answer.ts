import type { ExchangeView } from '../../view/view.ts'
import { errorCode } from '../client-left.ts'
import type { Detector, Fault } from '../detector.ts'

/** Reference §4.2, 12: the proxy answered by itself, so that nothing is missing where no backend was asked. */
export const localAnswer: Detector = {
  code: 'local_answer',
  severity: 'info',
  summary: 'The proxy answered by itself, and asked no backend',
  *find({ exchange }) {
    const { ptc, attempts, closed } = exchange
    if (!ptc || (ptc.status === null && ptc.chunks.length === 0)) return
    if (attempts.length > 0 || (closed?.attempts.length ?? 0) > 0) return
    const code = errorCode(closed?.error)
    const status = ptc.status ?? closed?.status ?? null
    yield {
      severity: 'info',
      fault: faultOf(status),
      leg: 'PTC',
      entry: ptc.headEntry ?? exchange.entries.last,
      atNs: ptc.headAtNs ?? exchange.lastAtNs,
      description: `The proxy answered by itself${status === null ? '' : ` with status ${status}`}${code === null ? '' : ` (${code})`}, and asked no backend.`,
      evidence: { status, code, ...askedFor(exchange) },
      hint:
        status !== null && status >= 400
          ? 'The answer itself says what is wrong and what to do.'
          : 'Token counts that no backend gives and stored answers come from the proxy.',
    }
  },
}

function faultOf(status: number | null): Fault | null {
  if (status === null || status < 400) return null
  return status < 500 ? 'client' : 'proxy'
}

/** The path without its query, in which a key may stand. */
function askedFor({ ctp, requestedModel }: ExchangeView) {
  return { path: ctp?.url?.replace(/[?#].*$/s, '') ?? null, model: requestedModel }
}
