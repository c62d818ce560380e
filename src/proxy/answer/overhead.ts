import type { Attempt, Exchange } from '../../core/exchange.ts'

/**
 * Our own time so far, in nanoseconds: from the request's last byte to the sending, and from the answer's last byte
 * to now. Null while one of them is not known.
 */
export function overheadNs(exchange: Exchange, attempt: Attempt, nowNs: number): number | null {
  if (exchange.receivedNs === null || attempt.sentNs === null || attempt.lastByteNs === null) return null
  return Math.max(0, attempt.sentNs - exchange.receivedNs) + Math.max(0, nowNs - attempt.lastByteNs)
}
