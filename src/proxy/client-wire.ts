import type { WireEnd } from '../core/monitor.ts'
import type { ExchangeRun } from './exchange-run.ts'
import { wireHeaders } from './wire-headers.ts'

/**
 * Tells those who listen to the wire of a client's request head, and of its answer as it is written; they may begin to
 * listen while it is.
 */
export function watchClient({ call, exchange, observation, outlet }: ExchangeRun): void {
  const { rawHeaders, url } = call.request
  if (observation.hearsWire) {
    const request = { method: exchange.method, url: url ?? '/' }
    observation.wireHead('CTP', null, { request, headers: wireHeaders(rawHeaders) })
  }
  outlet.watchedBy({
    head(status, headers) {
      if (observation.hearsWire) observation.wireHead('PTC', null, { status, headers })
    },
    wrote(bytes) {
      if (observation.hearsWire) observation.wireBytes('PTC', null, bytes)
    },
  })
}

/** How the client's answer ended. A cut behind a client that has gone is the client's doing. */
export function clientEnd({ outlet, exchange }: Pick<ExchangeRun, 'outlet' | 'exchange'>): WireEnd {
  if (outlet.goneEarly || (outlet.wasCut && exchange.clientGoneNs !== null)) return 'abort_client'
  return outlet.wasCut ? 'abort_proxy' : 'eof'
}
