import { setTimeout as sleep } from 'node:timers/promises'
import { createSecrets, type Secrets } from '../../core/secrets/secrets.ts'
import { CaptureError } from '../format/capture-error.ts'
import type { CaptureGap } from '../view/view.ts'
import { type BlobLimits, blobCache, defaultBlobLimits } from './blobs.ts'
import { type ByteSource, fileSource, streamSource } from './byte-source.ts'
import { filesOf, isFolder } from './capture-files.ts'
import { FileReading, type ReadingSettings } from './file-reading.ts'
import { damageGap } from './gaps.ts'
import type { CapturePiece } from './items.ts'

export interface OpenOptions {
  /** Goes on with what is appended, and with new files of a folder, until `signal` says to stop. */
  follow?: boolean
  signal?: AbortSignal
  /** After each read. `total` is null where it cannot be known, as of standard input. */
  onProgress?: (bytesRead: number, total: number | null) => void
  onUnknown?: (kind: string) => void
  /** What `-` reads. */
  stdin?: AsyncIterable<Uint8Array>
  /** Overwrites what is secret in files of the original. */
  secrets?: Secrets
  limits?: Partial<BlobLimits>
  /** How often a followed file is looked at. */
  pollMs?: number
}

/**
 * Reads captures of either format: files in the order given, a folder's `*.cbor` by their times, `-` for
 * standard input. Memory does not grow with their size. Damage is a gap, never an error; throws
 * `CaptureError` for what cannot be read at all, is no capture (a file of a folder: a gap) or was written by
 * a newer llmproxy.
 */
export async function* openCapture(
  paths: string | readonly string[],
  options: OpenOptions = {},
): AsyncGenerator<CapturePiece> {
  for await (const pieces of batches(paths, options, false)) for (const piece of pieces) yield piece
}

/** The same, many at once, for those who look at each of millions: what items hold is lent until the next are asked for. */
export function openLent(
  paths: string | readonly string[],
  options: OpenOptions = {},
): AsyncGenerator<CapturePiece[]> {
  return batches(paths, options, true)
}

async function* batches(
  paths: string | readonly string[],
  options: OpenOptions,
  lends: boolean,
): AsyncGenerator<CapturePiece[]> {
  const given = typeof paths === 'string' ? [paths] : paths
  const reading = new CaptureReading(options, lends)
  try {
    for (const path of given) await reading.add(path)
    yield* options.follow ? reading.followed() : reading.once()
  } finally {
    await reading.close()
  }
}

const defaultPollMs = 200

interface Part {
  reading: FileReading
  /** Found in a folder: may be something else. */
  isFound: boolean
  /** Cannot be read on. */
  isGivenUp: boolean
}

class CaptureReading {
  readonly #options: OpenOptions
  readonly #settings: ReadingSettings
  #secrets: Secrets | null = null
  readonly #folders: string[] = []
  readonly #known = new Set<string>()
  /** Not yet read to their end. */
  #parts: Part[] = []
  /** Files of a folder that cannot be read: the others are. */
  #unreadable: CaptureGap[] = []
  #doneBytes = 0
  #totalBytes: number | null = 0

  constructor(options: OpenOptions, lends: boolean) {
    const limits = { ...defaultBlobLimits, ...options.limits }
    this.#options = options
    this.#settings = {
      lends,
      cache: blobCache(limits.cacheBytes),
      limits,
      secrets: () => {
        this.#secrets ??= options.secrets ?? createSecrets()
        return this.#secrets
      },
      onUnknown: options.onUnknown,
    }
  }

  async add(path: string): Promise<void> {
    const { stdin = process.stdin, signal, follow } = this.#options
    if (path === '-') return this.#begin(streamSource('standard input', stdin, signal), false)
    if (!(await isFolder(path))) return this.#begin(await fileSource(path), false)
    this.#folders.push(path)
    const found = await this.#look(path)
    if (found > 0 || follow) return
    throw new CaptureError('not_found', `there is no capture (*.cbor) in ${path}`)
  }

  async *once(): AsyncGenerator<CapturePiece[]> {
    yield* this.#passedOver()
    for (let part = this.#parts[0]; part && !this.#isAborted; part = this.#parts[0]) {
      yield* this.#now(part)
      if (this.#isAborted) return
      yield* this.#end(part)
    }
  }

  async *followed(): AsyncGenerator<CapturePiece[]> {
    while (!this.#isAborted) {
      yield* this.#passedOver()
      for (const part of [...this.#parts]) yield* this.#round(part)
      if (this.#parts.length === 0 && this.#folders.length === 0) return
      await this.#rest()
    }
  }

  async #rest(): Promise<void> {
    const { signal, pollMs = defaultPollMs } = this.#options
    await sleep(pollMs, undefined, signal && { signal }).catch(() => undefined)
    if (this.#isAborted) return
    for (const folder of this.#folders) await this.#look(folder)
  }

  /** What is new of a followed part. Standard input tells its end; a closed file of a folder has come to it. */
  async *#round(part: Part): AsyncGenerator<CapturePiece[]> {
    yield* this.#now(part)
    const isStream = part.reading.source.readAt === null
    const isDone = isStream || (part.isFound && part.reading.isClosed)
    if (isDone && !this.#isAborted) yield* this.#end(part)
  }

  async close(): Promise<void> {
    for (const { reading } of this.#parts) await reading.source.close()
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted ?? false
  }

  /** Takes in what is new in a folder. */
  async #look(folder: string): Promise<number> {
    const paths = await filesOf(folder, this.#known)
    for (const path of paths) {
      this.#known.add(path)
      try {
        this.#begin(await fileSource(path), true)
      } catch (error) {
        const gap = gapOf(path, 0, error)
        if (gap) this.#unreadable.push(gap)
      }
    }
    return paths.length
  }

  *#passedOver(): Generator<CapturePiece[]> {
    const gaps = this.#unreadable
    this.#unreadable = []
    if (gaps.length > 0) yield gaps
  }

  #begin(source: ByteSource, isFound: boolean): void {
    const { totalBytes } = source
    this.#totalBytes = this.#totalBytes === null || totalBytes === null ? null : this.#totalBytes + totalBytes
    this.#parts.push({ reading: new FileReading(source, this.#settings), isFound, isGivenUp: false })
  }

  async *#now(part: Part): AsyncGenerator<CapturePiece[]> {
    const { reading, isFound } = part
    try {
      for await (const pieces of reading.now()) {
        this.#options.onProgress?.(this.#doneBytes + reading.bytesRead, this.#totalBytes)
        yield pieces
        if (this.#isAborted) return
      }
    } catch (error) {
      if (!isFound) throw error
      part.isGivenUp = true
      const gap = gapOf(reading.source.name, reading.bytesRead, error)
      if (gap) yield [gap]
    }
  }

  /** The rest of a part, which is done then. */
  async *#end(part: Part): AsyncGenerator<CapturePiece[]> {
    const { reading, isFound } = part
    try {
      if (!part.isGivenUp) yield* reading.end()
    } catch (error) {
      if (!isFound || !(error instanceof CaptureError) || error.code !== 'not_a_capture') throw error
      const damage = { offset: 0, bytes: reading.bytesRead, isTorn: false, why: error.message }
      if (reading.bytesRead > 0) yield [damageGap(reading.source.name, damage, null)]
    }
    await reading.source.close()
    this.#doneBytes += reading.bytesRead
    this.#parts = this.#parts.filter((other) => other !== part)
  }
}

/** Null for a file that was deleted meanwhile. Throws what is no trouble with the file. */
function gapOf(path: string, offset: number, error: unknown): CaptureGap | null {
  if (!(error instanceof CaptureError)) throw error
  if (error.code === 'not_found') return null
  if (error.code !== 'unreadable') throw error
  return damageGap(path, { offset, bytes: 0, isTorn: false, why: error.message }, null)
}
