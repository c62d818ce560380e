import { closeSync, openSync, writeSync } from 'node:fs'
import { ofFile } from '../../failure.ts'

/** Where text goes; it may be asked to wait. */
export interface Output {
  write(text: string): void
  /** Everything that was written goes out now. */
  flush(): void
  /** Set while the reader has not taken what was written. */
  full(): Promise<void> | null
  close(): void
}

/** Written together, as far as nobody waits for it. */
const mostHeld = 32 * 1024
const mostHeldMs = 100

/** Standard output, or what is like it. */
export function streamOutput(stream: NodeJS.WritableStream, beforeWrite: () => void): Output {
  let held: string[] = []
  let length = 0
  let flushedMs = 0
  let full: Promise<void> | null = null
  function flush() {
    flushedMs = Date.now()
    if (length === 0) return
    const text = held.join('')
    held = []
    length = 0
    beforeWrite()
    if (stream.write(text)) return
    full = new Promise((resolve) => {
      const end = () => {
        full = null
        stream.off('drain', end)
        stream.off('error', end)
        resolve()
      }
      stream.on('drain', end)
      stream.on('error', end)
    })
  }
  return {
    write(text) {
      held.push(text)
      length += text.length
      if (length >= mostHeld || Date.now() - flushedMs >= mostHeldMs) flush()
    },
    flush,
    full: () => full,
    close: flush,
  }
}

/** A file of this user only; what was in it is gone. */
export function fileOutput(path: string): Output {
  const fd = openSync(path, 'w', 0o600)
  let held: string[] = []
  let length = 0
  function flush() {
    const text = held.join('')
    held = []
    length = 0
    if (text === '') return
    try {
      writeSync(fd, text)
    } catch (error) {
      throw ofFile(error, path)
    }
  }
  return {
    write(text) {
      held.push(text)
      length += text.length
      if (length >= mostHeld) flush()
    },
    flush,
    full: () => null,
    close() {
      try {
        flush()
      } finally {
        closeSync(fd)
      }
    },
  }
}
