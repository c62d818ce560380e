import { closeSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CaptureError } from '../format/capture-error.ts'

/** Where a capture's bytes come from. */
export interface ByteSource {
  /** For messages and items. */
  readonly name: string
  /** Null where it cannot be known. */
  readonly totalBytes: number | null
  /** Nanoseconds since 1970 at which it came to be, by the file system; 0 where nobody knows. */
  readonly bornNs: number
  /** Bytes read; 0 where nothing more is there now. */
  read(into: Buffer): Promise<number>
  /**
   * Bytes that were read once, again; null where they are gone. Null itself where a source cannot. Works
   * after `close`.
   */
  readonly readAt: ((offset: number, length: number) => Buffer | null) | null
  close(): Promise<void>
}

/** Throws `not_found` or `unreadable`, as reading does. The file is open only while there is something to read. */
export async function fileSource(path: string): Promise<ByteSource> {
  const absolute = resolve(path)
  const stats = await attempted(path, () => stat(path))
  const { size, birthtimeMs, mtimeMs } = stats
  // A pipe has neither a size nor places.
  const isRegular = stats.isFile()
  let handle: FileHandle | null = null
  let position = 0
  async function close() {
    const open = handle
    handle = null
    await open?.close()
  }
  return {
    name: path,
    totalBytes: isRegular ? size : null,
    bornNs: (birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs) * 1e6,
    async read(into) {
      const file = handle ?? (await attempted(path, () => open(absolute, 'r')))
      handle = file
      const { bytesRead } = await attempted(path, () =>
        file.read(into, 0, into.length, isRegular ? position : null),
      )
      position += bytesRead
      if (bytesRead === 0) await close()
      return bytesRead
    },
    readAt: isRegular ? (offset, length) => readAgain(handle?.fd ?? absolute, offset, length) : null,
    close,
  }
}

async function attempted<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    if (isMissing) throw new CaptureError('not_found', `there is no file ${path}`, { cause })
    throw new CaptureError('unreadable', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** Without waiting, for what is asked for inside of computations. */
function readAgain(file: number | string, offset: number, length: number): Buffer | null {
  const into = Buffer.allocUnsafeSlow(length)
  try {
    const fd = typeof file === 'number' ? file : openSync(file, 'r')
    try {
      return readSync(fd, into, 0, length, offset) === length ? into : null
    } finally {
      if (fd !== file) closeSync(fd)
    }
  } catch {
    return null
  }
}

/** Standard input, or anything else that comes in pieces. An abort is its end. */
export function streamSource(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): ByteSource {
  const iterator = pieces[Symbol.asyncIterator]()
  const nothing: Promise<IteratorResult<Uint8Array>> = new Promise((resolve) => {
    const end = () => resolve({ done: true, value: undefined })
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
  let rest: Uint8Array = new Uint8Array(0)
  return {
    name,
    totalBytes: null,
    bornNs: 0,
    async read(into) {
      while (rest.length === 0) {
        const { done, value } = await Promise.race([iterator.next(), nothing])
        if (done) return 0
        rest = value
      }
      const now = rest.subarray(0, into.length)
      into.set(now)
      rest = rest.subarray(now.length)
      return now.length
    },
    readAt: null,
    async close() {
      if (!signal?.aborted) await iterator.return?.()
    },
  }
}
