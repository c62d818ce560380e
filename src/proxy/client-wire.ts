import type { WireEnd } from '../core/monitor.ts'
import type { ExchangeRun } from './exchange-run.ts'
import { wireHeaders } from './wire-headers.ts'

/**
 * Tells those who listen to the wire of a client's request head, and of its answer as it is written; they may begin to
 * listen while it is. The returned function tells how the answer ended, where the client's leaving has not told it.
 */
export function watchClient({ call, exchange, observation, outlet }: ExchangeRun): () => void {
  const { rawHeaders, url } = call.request
  let isOver = false
  const end = (why: WireEnd) => {
    if (!isOver && observation.hearsWire) observation.wireEnd('PTC', null, why, exchange.error)
    isOver = true
  }
  if (observation.hearsWire) {
    const request = { method: exchange.method, url: url ?? '/' }
    observation.wireHead('CTP', null, { request, headers: wireHeaders(rawHeaders) })
  }
  outlet.watchedBy({
    head(status, headers) {
      if (observation.hearsWire) observation.wireHead('PTC', null, { status, headers })
    },
    wrote(bytes) {
      if (!isOver && observation.hearsWire) observation.wireBytes('PTC', null, bytes)
    },
  })
  outlet.onGone(() => end('abort_client'))
  return () => end(outlet.wasCut ? 'abort_proxy' : 'eof')
}
