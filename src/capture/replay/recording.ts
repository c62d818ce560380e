import { readExchanges } from '../export/read-exchanges.ts'
import { CaptureError } from '../format/capture-error.ts'
import type { CaptureGap, ExchangeView } from '../view/view.ts'
import { bodyBytes } from '../view/window.ts'

export interface RecordingOptions {
  /** Which exchanges are meant. */
  selects?: (view: ExchangeView) => boolean
  /** Only so many, those that were opened last. */
  last?: number | undefined
  onGap?: (gap: CaptureGap) => void
  onProgress?: (bytesRead: number, total: number | null) => void
  /** Of bodies, which are all in memory: a replay goes by the order of opening, a file by that of closing. */
  maxBytes?: number
}

/**
 * The exchanges of a capture in the order in which they were opened. Throws `CaptureError` as `openCapture` does, and
 * `record_too_large` where they do not fit into memory.
 */
export async function readRecording(
  paths: string | readonly string[],
  options: RecordingOptions = {},
): Promise<ExchangeView[]> {
  const { selects = () => true, last = Number.POSITIVE_INFINITY, onGap, onProgress } = options
  const { maxBytes = 512 * 1024 * 1024 } = options
  let exchanges: ExchangeView[] = []
  let bytes = 0
  const keepLast = () => {
    const sorted = exchanges.sort((a, b) => a.openedAtNs - b.openedAtNs)
    const left = Math.max(0, sorted.length - last)
    for (const view of sorted.slice(0, left)) bytes -= bodyBytes(view)
    exchanges = sorted.slice(left)
  }
  for await (const view of readExchanges(paths, {
    ...(onGap && { onGap }),
    ...(onProgress && { onProgress }),
  })) {
    if (!selects(view)) continue
    exchanges.push(view)
    bytes += bodyBytes(view)
    // Not at each one: that would be sorting all the time.
    if (bytes > maxBytes || exchanges.length >= 2 * last + 100) keepLast()
    if (bytes > maxBytes) throw tooLarge(maxBytes)
  }
  keepLast()
  return exchanges
}

function tooLarge(maxBytes: number): CaptureError {
  const megabytes = Math.round(maxBytes / 1024 / 1024)
  return new CaptureError(
    'record_too_large',
    `what is to be replayed has more than ${megabytes} MB of bodies; choose a part of it, with --last, --since or --filter`,
  )
}
