import type { Exchange } from '../../core/exchange.ts'
import { msOf } from './attempt-log.ts'
import type { Noted } from './noted.ts'

/** All the record's times, each null where what bounds it did not happen. */
export function timings(exchange: Exchange, noted: Noted, completionTokens: number | null) {
  const last = exchange.attempts.at(-1)
  const between = (from: number | null | undefined, to: number | null | undefined) =>
    from === null || from === undefined || to === null || to === undefined
      ? null
      : msOf(Math.max(0, to - from))
  return {
    ttft_ms: between(exchange.receivedNs, exchange.firstContentNs),
    stream_tps: exchange.stream
      ? tokensPerSecond(completionTokens, last?.firstContentNs, last?.lastByteNs)
      : null,
    backend_wait_ms: between(last?.sentNs, last?.firstByteNs),
    queued_ms: msOf(exchange.queuedNs),
    longest_gap_ms: last?.lastByteNs == null ? null : msOf(exchange.longestGapNs),
    client_blocked_ms: msOf(exchange.clientBlockedNs),
    proxy_processing_ms: processingMs(exchange, noted),
    total_duration_ms: msOf(exchange.closedNs ?? 0),
  }
}

/**
 * Our own time: from the request's last byte to its sending, and from the answer's last byte to its last word to the
 * client; in a stream, between each chunk's coming and going.
 */
function processingMs(exchange: Exchange, { passingNs, writtenNs }: Noted): number | null {
  const last = exchange.attempts.at(-1)
  const first = exchange.attempts[0]
  if (!last || !first || exchange.receivedNs === null || first.sentNs === null) return null
  const before = Math.max(0, first.sentNs - exchange.receivedNs - exchange.queuedNs)
  if (exchange.stream) return msOf(before + passingNs)
  if (last.lastByteNs === null || writtenNs === null) return null
  return msOf(before + Math.max(0, writtenNs - last.lastByteNs))
}

function tokensPerSecond(
  tokens: number | null,
  fromNs: number | null | undefined,
  toNs: number | null | undefined,
): number | null {
  if (tokens === null || fromNs == null || toNs == null || toNs <= fromNs) return null
  return Math.round((tokens / ((toNs - fromNs) / 1e9)) * 100) / 100
}
