import { protocolOfUrl } from '../view/protocol-of.ts'
import type { ExchangeView, LegView } from '../view/view.ts'

/**
 * Whether its answer is a model's own words: what is counted, embedded or passed on untouched follows no
 * protocol's rules for answers. Where nothing says so, it is taken for one.
 */
export function isGeneration({ closed, ctp, attempts, version }: ExchangeView): boolean {
  // The original does not tell the purpose.
  if (closed && version === 3) return closed.purpose === 'chat' || closed.purpose === 'title'
  const { method, url } = ctp ?? attempts[0]?.ptb ?? { method: null, url: null }
  if (method !== null && method !== 'POST') return false
  return url === null || (protocolOfUrl(url) !== null && !/count_?tokens/i.test(url))
}

/** Whether a leg was captured from its first byte: a capture that is switched on takes up what is under way. */
export function isFromItsBeginning({ version }: ExchangeView, leg: LegView | null): leg is LegView {
  return leg !== null && (version === 2 || leg.headAtNs !== null)
}
