import type { ExchangeView } from '../../view/view.ts'
import { whyNotRepeatable } from '../client-request.ts'

/** Why an exchange cannot be repeated in one process, in words; null: it can. */
export function whyNotHere(exchange: ExchangeView): string | null {
  const { attempts, ptc, closed } = exchange
  const reason = whyNotRepeatable(exchange)
  if (reason !== null) return reason
  if (closed === null && ptc?.end === undefined) return 'it had not ended when the capture did'
  if (ptc === null) return 'the client’s answer is not in the capture'
  if (closed?.incomplete_reason === 'shutdown') return 'the proxy was shut down in the middle of it'
  if (attempts.length === 0)
    return 'no backend was asked: what the proxy answered itself followed from its configuration'
  if (attempts.some(({ ptb, btp }) => (ptb?.missing ?? 0) + (btp?.missing ?? 0) > 0))
    return 'what a backend was asked or answered is not whole in the capture'
  const unsent = attempts.find(({ ptb, btp }) => ptb === null && btp === null)
  if (unsent) return `what ${unsent.backend ?? 'a backend'} was asked is not in the capture`
  return null
}
