import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type HeldLock, takeLock } from './held-lock.ts'
import { SpoolFile } from './spool-file.ts'

/** A night of a busy proxy, about half a million records. */
const mostBytes = 1_000_000_000
const ending = '.jsonl'

export interface SpoolPlace {
  folder: string
  /** Of the ledger: what is for another database is not ours to send. */
  key: string
  mostBytes?: number
}

/** The files of one ledger's spool: a process has one of its own, and those that it took over from who is gone. */
export class SpoolFolder {
  readonly #place: SpoolPlace
  readonly #mine = new Set<string>()

  constructor(place: SpoolPlace) {
    this.#place = place
  }

  get folder(): string {
    return this.#place.folder
  }

  /** A file for this process. */
  async create(): Promise<SpoolFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const name = `${this.#place.key}-${randomUUID()}`
    const lock = takeLock(join(this.folder, `${name}.lock`))
    if (lock === null) throw new Error(`${name} is taken`)
    this.#mine.add(name)
    return await this.#open(name, lock)
  }

  /** Files whose process is gone; from now on they are this one's. One that cannot be opened keeps no other from it. */
  async orphans(onRefused: (error: unknown, path: string) => void = rethrow): Promise<SpoolFile[]> {
    const found: SpoolFile[] = []
    const files = await readdir(this.folder).catch(() => [])
    for (const file of files.sort()) {
      const name = file.slice(0, -ending.length)
      const isOurs = file.endsWith(ending) && file.startsWith(`${this.#place.key}-`) && !this.#mine.has(name)
      if (!isOurs) continue
      try {
        const orphan = await this.#takeOver(name)
        if (orphan) found.push(orphan)
      } catch (error) {
        onRefused(error, join(this.folder, file))
      }
    }
    return found
  }

  /** Null: its process lives, or another one has just sent it. */
  async #takeOver(name: string): Promise<SpoolFile | null> {
    const lock = takeLock(join(this.folder, `${name}.lock`))
    if (lock === null) return null
    if (await isThere(join(this.folder, name + ending))) {
      this.#mine.add(name)
      return await this.#open(name, lock)
    }
    lock.release(true)
    return null
  }

  async #open(name: string, lock: HeldLock): Promise<SpoolFile> {
    try {
      return await SpoolFile.open(join(this.folder, name + ending), lock, this.#place.mostBytes ?? mostBytes)
    } catch (error) {
      this.#mine.delete(name)
      lock.release(false)
      throw error
    }
  }
}

function rethrow(error: unknown): never {
  throw error
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
