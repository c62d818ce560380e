/** So many lines within one stretch of time are written as they come; what comes behind them is written together. */
const atOnce = 8
const stretchMs = 10

/**
 * Writes the lines of a busy moment together: each write to a terminal or a file holds up the event loop. Whoever reads
 * along sees no difference, and a process that ends writes what it holds.
 */
export function gatheredOutput(write: (lines: string) => void): (line: string) => void {
  let stretchEndsMs = 0
  let written = 0
  let gathered = ''

  function flush(): void {
    process.off('exit', flush)
    const lines = gathered
    gathered = ''
    if (lines !== '') write(lines)
  }

  return (line) => {
    if (gathered !== '') {
      gathered += line
      return
    }
    const nowMs = performance.now()
    if (nowMs >= stretchEndsMs) {
      stretchEndsMs = nowMs + stretchMs
      written = 0
    }
    if (++written <= atOnce) return write(line)
    gathered = line
    process.on('exit', flush)
    setTimeout(flush, stretchMs)
  }
}
