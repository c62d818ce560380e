import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Output } from './output.ts'

const mostInMemory = 4 * 1024 * 1024
const readBytes = 64 * 1024

/** Keeps what stands behind something that is not finished yet: in memory, and beyond that in a file that has no name. */
export class Spool implements Output {
  #held: string[] = []
  #length = 0
  #fd: number | null = null
  #path: string | null = null

  write(text: string): void {
    this.#held.push(text)
    this.#length += text.length
    if (this.#length > mostInMemory) this.#spill()
  }

  flush(): void {}

  full(): null {
    return null
  }

  /** Gives all of it on, in pieces. */
  async pour(into: Output): Promise<void> {
    if (this.#fd !== null) {
      const buffer = Buffer.allocUnsafe(readBytes)
      const decoder = new TextDecoder()
      let position = 0
      for (let read = 1; read > 0; position += read) {
        read = readSync(this.#fd, buffer, 0, readBytes, position)
        into.write(decoder.decode(buffer.subarray(0, read), { stream: true }))
        await into.full()
      }
    }
    for (const text of this.#held) {
      into.write(text)
      await into.full()
    }
    this.close()
  }

  close(): void {
    this.#held = []
    this.#length = 0
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
    if (this.#path !== null) unlinkSync(this.#path)
    this.#path = null
  }

  #spill(): void {
    if (this.#fd === null) this.#open()
    if (this.#fd !== null) writeSync(this.#fd, this.#held.join(''))
    this.#held = []
    this.#length = 0
  }

  /** What was captured must not be left behind: where the system can, the file loses its name at once. */
  #open(): void {
    const path = join(tmpdir(), `llmproxy-inspect-${randomUUID()}`)
    this.#fd = openSync(path, 'wx+', 0o600)
    try {
      unlinkSync(path)
    } catch {
      this.#path = path
    }
  }
}
