import { type FileHandle, open, rm } from 'node:fs/promises'
import { CaptureError } from '../format/capture-error.ts'
import { label } from '../format/frame.ts'
import { type ByteSource, fileSource } from './byte-source.ts'
import { Scan } from './scan.ts'
import type { FoundFrame, Scanned } from './scanned.ts'
import { newerFormat } from './v3-pieces.ts'
import type { Damage } from './verified-file.ts'

export interface Recovered {
  /** Copied. */
  frames: number
  bytes: number
  /** What is not in the copy. */
  leftOut: Damage[]
  leftOutBytes: number
}

export interface RecoverOptions {
  onProgress?: (bytesRead: number, total: number | null) => void
}

const writeBytes = 1024 * 1024

/**
 * Copies the whole frames of a V3 file to a new one, byte for byte, each section behind a label; what they
 * refer to and was lost stays lost. Throws `exists` where there is a file already, `unsupported` for the
 * original's format, whose copy would have its credentials in the clear, and as `openCapture` does.
 */
export async function recover(from: string, to: string, options: RecoverOptions = {}): Promise<Recovered> {
  const source = await fileSource(from)
  try {
    const copy = new Copy(await newFile(to))
    try {
      const recovered = await copyFrames(source, copy, options)
      await copy.close()
      return recovered
    } catch (error) {
      await copy.close().catch(() => undefined)
      // What is there is ours, and half.
      await rm(to, { force: true })
      throw error
    }
  } finally {
    await source.close()
  }
}

async function copyFrames(
  source: ByteSource,
  copy: Copy,
  { onProgress }: RecoverOptions,
): Promise<Recovered> {
  const scan = new Scan(source)
  const recovered: Recovered = { frames: 0, bytes: 0, leftOut: [], leftOutBytes: 0 }
  async function take(found: Iterable<Scanned>): Promise<void> {
    for (const each of found) {
      if (each.kind === 'entry') throw unsupported(source.name)
      if (each.kind === 'frame') await copy.add(each, scan.bytesAt(each.offset, each.bytes), source.name)
      else {
        const { offset, bytes, isTorn, why } = each
        recovered.leftOut.push({ offset, bytes, isTorn, why })
        recovered.leftOutBytes += bytes
      }
    }
    // What was found is lent until the next read.
    await copy.flush()
    onProgress?.(scan.bytesRead, source.totalBytes)
  }
  for (let found = await scan.more(); found !== null; found = await scan.more()) await take(found)
  await take(scan.end())
  return { ...recovered, frames: copy.frames, bytes: copy.bytes }
}

function unsupported(name: string): CaptureError {
  const message = `${name} is in the original's format, which recover does not copy: inspect reads what is whole of it`
  return new CaptureError('unsupported', message)
}

async function newFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      const message = `${path} is there already, and nothing is overwritten: name another file`
      throw new CaptureError('exists', message, { cause })
    }
    throw new CaptureError('unwritable', `${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}

class Copy {
  frames = 0
  bytes = 0
  readonly #file: FileHandle
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  async add({ record, afterLabel }: FoundFrame, frame: Buffer | null, name: string): Promise<void> {
    if (record.k === 'newer') throw newerFormat(name, record.v)
    if (frame === null) throw new Error('a frame that was just found is not in memory')
    if (record.k === 'hdr' || afterLabel || this.frames === 0) this.#put(label)
    this.#put(frame)
    this.frames++
    if (this.#waitingBytes >= writeBytes) await this.flush()
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    await written(() => this.#file.writeFile(bytes))
  }

  close(): Promise<void> {
    return written(() => this.#file.close())
  }

  #put(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    this.bytes += bytes.length
  }
}

async function written(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (cause) {
    const message = `the copy cannot be written: ${(cause as Error).message}`
    throw new CaptureError('unwritable', message, { cause })
  }
}
