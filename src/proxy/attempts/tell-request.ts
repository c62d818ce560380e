import type { Outgoing } from '../../backends/send.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import { wireHeaders } from '../wire-headers.ts'

/** Tells those who listen to the wire of a request as a backend gets it. A body that streams through is told as it comes. */
export function tellRequest(
  { observation }: ExchangeRun,
  attempt: number,
  { origin, path, method, headers }: Outgoing,
  body: Uint8Array | null | 'streams',
): void {
  if (!observation.hearsWire) return
  observation.wireHead('PTB', attempt, {
    request: { method, url: origin + path },
    headers: wireHeaders(headers),
  })
  if (body === 'streams') return
  if (body) observation.wireBytes('PTB', attempt, body)
  observation.wireEnd('PTB', attempt, 'eof')
}
