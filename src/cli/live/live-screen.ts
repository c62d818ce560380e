const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'
// Terminals that know synchronized output show a frame whole, never half drawn.
const beginFrame = '\u001b[?2026h\u001b[H'
const endFrame = '\u001b[J\u001b[?2026l'
const clearLine = '\u001b[K'

export interface LiveScreen {
  /** `picture` is asked again when the terminal changes its size. */
  draw(picture: () => readonly string[]): void
  /** Gives the terminal back, with the last picture left on it. */
  close(): void
}

/** Draws one picture over the other on a screen of its own, which is given back however the process ends. */
export function openLiveScreen(out: NodeJS.WriteStream): LiveScreen {
  let last: () => readonly string[] = () => []
  const restore = () => void out.write(leave)
  process.once('exit', restore)
  out.write(enter)
  const draw = () => {
    const shown = fitted(last(), out.rows ?? 24)
    out.write(beginFrame + shown.map((line) => line + clearLine).join('\r\n') + endFrame)
  }
  out.on('resize', draw)
  return {
    draw(picture) {
      last = picture
      draw()
    },
    close() {
      out.off('resize', draw)
      process.off('exit', restore)
      restore()
      out.write(`${last().join('\n')}\n`)
    },
  }
}

/** A picture that is higher than the screen says how much of it is below. */
function fitted(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines
  const room = Math.max(0, rows - 1)
  return [...lines.slice(0, room), `… ${lines.length - room} more lines: make the terminal higher`]
}
