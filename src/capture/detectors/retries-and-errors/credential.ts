import { headerValue } from '../../../core/http.ts'
import type { LegView } from '../../view/view.ts'

const headers = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key']

/** What a request shows who it is by, as it stands in the capture; null where it shows nothing. Never to be printed. */
export function credentialOf(leg: LegView | null): string | null {
  if (!leg) return null
  for (const name of headers) {
    const value = headerValue(leg.headers, name)
    if (value) return value.replace(/^(?:bearer|basic)\s+/i, '')
  }
  return /[?&]key=([^&#]+)/.exec(leg.url ?? '')?.[1] ?? null
}

/** Overwritten ones are told apart by their fingerprints: the same secret may be known as two kinds. */
export function isSameCredential(a: string, b: string): boolean {
  const first = fingerprintOf(a)
  return a === b || (first !== null && first === fingerprintOf(b))
}

function fingerprintOf(credential: string): string | null {
  return /-([0-9a-f]{4})\**$/.exec(credential)?.[1] ?? null
}
