import { countText, durationText } from '../../numbers.ts'

const afterMs = 1_000
const everyMs = 200
const barWidth = 24
const clearLine = '\r\u001b[K'

export interface ReplayProgress {
  /** So many have been replayed. */
  on(done: number): void
  /** Something else is written to the terminal now. */
  clear(): void
}

/** How far a replay is, on a terminal and after a second. */
export function replayProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>,
  all: number,
  nowMs: () => number = Date.now,
): ReplayProgress {
  const startedMs = nowMs()
  let shownMs = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    on(done) {
      const atMs = nowMs()
      const isEarly = atMs - startedMs < afterMs || (isShown && atMs - shownMs < everyMs)
      if (stream.isTTY !== true || isEarly) return
      shownMs = atMs
      isShown = true
      const line = progressLine(done, all, atMs - startedMs)
      stream.write(clearLine + line.slice(0, Math.max(0, (stream.columns ?? 80) - 1)))
    },
    clear() {
      if (isShown) stream.write(clearLine)
      isShown = false
    },
  }
}

function progressLine(done: number, all: number, elapsedMs: number): string {
  const ratio = all === 0 ? 1 : Math.min(1, done / all)
  const full = Math.round(ratio * barWidth)
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full)
  const left = done === 0 ? '' : `  ${durationText((elapsedMs / done) * (all - done))} left`
  return `replaying  ${bar}  ${countText(done)} of ${countText(all)}${left}`
}
