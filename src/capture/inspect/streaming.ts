import { firstContentNs } from './first-content.ts'
import { bytesOf, type InspectedExchange } from './inspected-exchange.ts'

/** How one attempt's answer came, chunk by chunk. */
export interface StreamRow {
  number: number
  exchange: string
  attempt: number
  backend: string | null
  model: string | null
  /** Nanoseconds since 1970, of the backend's request. */
  sentAtNs: number | null
  /** Milliseconds since then. */
  headMs: number | null
  firstContentMs: number | null
  endMs: number | null
  chunks: number
  bytes: number
  meanGapMs: number | null
  longestGapMs: number | null
  /** After which this long nothing came. At most ten, the longest first. */
  slow: { entry: number; chunk: number; gapMs: number }[]
  slowCount: number
  end: string | null
}

/** The original's limit. */
const slowMs = 5_000
const mostSlow = 10

/** Attempts that were answered in more than one piece. */
export function streamRows(x: InspectedExchange): StreamRow[] {
  return x.view.attempts.flatMap((attempt) => {
    const { btp, ptb, number, backend, model } = attempt
    if (!btp || (btp.status ?? 200) >= 300 || (btp.chunks.length < 2 && !x.view.stream)) return []
    const sentAtNs = ptb?.end?.atNs ?? ptb?.chunks.at(-1)?.atNs ?? ptb?.headAtNs ?? null
    const since = (atNs: number | null | undefined) =>
      atNs === null || atNs === undefined || sentAtNs === null ? null : (atNs - sentAtNs) / 1e6
    const { chunks } = btp
    const gaps = chunks.slice(1).map((chunk, index) => ({
      entry: chunk.entry,
      chunk: index + 1,
      gapMs: (chunk.atNs - (chunks[index]?.atNs ?? chunk.atNs)) / 1e6,
    }))
    const slow = gaps.filter(({ gapMs }) => gapMs > slowMs).sort((a, b) => b.gapMs - a.gapMs)
    const first = chunks[0]
    const last = chunks.at(-1)
    return {
      ...{ number: x.number, exchange: x.view.id, attempt: number, backend, model, sentAtNs },
      headMs: since(btp.headAtNs),
      firstContentMs: since(firstContentNs(attempt)),
      endMs: since(btp.end?.atNs ?? last?.atNs),
      chunks: chunks.length,
      bytes: bytesOf(btp),
      meanGapMs: first && last && gaps.length > 0 ? (last.atNs - first.atNs) / 1e6 / gaps.length : null,
      longestGapMs: gaps.length > 0 ? gaps.reduce((most, { gapMs }) => Math.max(most, gapMs), 0) : null,
      slow: slow.slice(0, mostSlow),
      slowCount: slow.length,
      end: btp.end?.why ?? null,
    }
  })
}
