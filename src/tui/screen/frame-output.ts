import { EventEmitter } from 'node:events'
import type { Size } from '../state.ts'

const beginFrame = '\u001b[?2026h'
const endFrame = '\u001b[?2026l'
const clearAll = '\u001b[2J'

/** Where Ink writes its frames: it passes on those lines that differ from what the terminal shows. */
export class FrameOutput extends EventEmitter {
  readonly #write: (text: string) => void
  readonly #size: () => Size
  #shown: string[] | null = null

  constructor(write: (text: string) => void, size: () => Size) {
    super()
    this.#write = write
    this.#size = size
  }

  /** Asked by Ink for every layout. */
  get columns(): number {
    return this.#size().columns
  }

  /** The next frame is drawn whole, on an empty screen: after a resize nobody knows what a terminal shows. */
  forget(): void {
    this.#shown = null
  }

  // A property, as Ink hands it on alone. An empty write is Ink's way to wait for the ones before.
  write = (frame: string, done?: () => void): boolean => {
    if (frame !== '') this.#draw(frame.split('\n').slice(0, this.#size().rows))
    done?.()
    return true
  }

  #draw(lines: string[]): void {
    const text = changes(this.#shown, lines)
    this.#shown = lines
    if (text !== '') this.#write(beginFrame + text + endFrame)
  }
}

/** What turns one frame into the other. A line is erased before it is written: after its last column that would cut it. */
export function changes(before: readonly string[] | null, after: readonly string[]): string {
  const written = after
    .map((line, at) => (before?.[at] === line ? '' : `\u001b[${at + 1};1H\u001b[2K${line}`))
    .join('')
  if (before === null) return clearAll + written
  const gone = before.slice(after.length).map((_, at) => `\u001b[${after.length + at + 1};1H\u001b[2K`)
  return written + gone.join('')
}
