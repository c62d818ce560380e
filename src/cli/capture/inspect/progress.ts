import { bytesText } from './shown.ts'

const afterMs = 1_000
const everyMs = 200
const barWidth = 24
const clearLine = '\r\u001b[K'

export interface Progress {
  on(bytesRead: number, total: number | null): void
  /** Something else is written to the terminal now. */
  clear(): void
}

/** How far a reading is, on a terminal and after a second. */
export function progressBar(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>,
  nowMs: () => number = Date.now,
): Progress {
  const startedMs = nowMs()
  let shownMs = startedMs + afterMs - everyMs
  let isShown = false
  return {
    on(bytesRead, total) {
      const atMs = nowMs()
      if (stream.isTTY !== true || atMs - shownMs < everyMs) return
      shownMs = atMs
      isShown = true
      const words = progressWords(bytesRead, total, atMs - startedMs)
      stream.write(clearLine + fitting(words, (stream.columns ?? 80) - 1))
    },
    clear() {
      if (isShown) stream.write(clearLine)
      isShown = false
    },
  }
}

/** Leaves out what comes last until it fits. */
function fitting(words: readonly string[], width: number): string {
  const line = words.join('  ')
  if (line.length <= width || words.length <= 1) return line.slice(0, Math.max(0, width))
  return fitting(words.slice(0, -1), width)
}

/** The most important first. */
function progressWords(bytesRead: number, total: number | null, elapsedMs: number): string[] {
  const speed = elapsedMs > 0 ? (bytesRead / elapsedMs) * 1000 : 0
  const rate = `${bytesText(Math.round(speed))}/s`
  if (total === null || total === 0) return ['reading', bytesText(bytesRead), rate]
  const ratio = Math.min(1, bytesRead / total)
  const full = Math.round(ratio * barWidth)
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full)
  const leftSeconds = speed > 0 ? Math.ceil((total - bytesRead) / speed) : null
  return [
    'reading',
    `${bar} ${Math.floor(ratio * 100)}%`,
    `${bytesText(bytesRead)} of ${bytesText(total)}`,
    ...(leftSeconds === null ? [] : [`${Math.max(0, leftSeconds)} s left`]),
    rate,
  ]
}
