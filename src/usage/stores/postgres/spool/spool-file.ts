import { constants, type FileHandle, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Batch, type Owner, StoreError } from '../../store.ts'
import { turns } from '../../turns.ts'
import { linesOf, ownerLine, type ReadLines, readLines } from './entries.ts'
import type { HeldLock } from './held-lock.ts'

/** About so much is sent at once. */
const readBytes = 1 << 20

export interface Unsent extends ReadLines {
  /** Where it ends in the file. */
  end: number
}

/** Batches on their way to the database, in a file that one process has: in it before they are sent, out of it when confirmed. */
export class SpoolFile {
  readonly #path: string
  readonly #lock: HeldLock
  readonly #file: FileHandle
  readonly #mostBytes: number
  readonly #inTurn = turns()
  #lastOwner: string | null = null
  #size: number
  #sent = 0
  /** Whose the lines before the unsent ones are. */
  #sentOwner: Owner | null = null
  #damaged = 0
  #records = 0

  private constructor(path: string, lock: HeldLock, file: FileHandle, size: number, mostBytes: number) {
    this.#path = path
    this.#lock = lock
    this.#file = file
    this.#size = size
    this.#mostBytes = mostBytes
  }

  static async open(path: string, lock: HeldLock, mostBytes: number): Promise<SpoolFile> {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    const { size } = await file.stat()
    // A file that is new stands in its folder for good only when that is on the disk as well; not all systems can.
    await open(dirname(path)).then(
      async (folder) => {
        await folder.sync().catch(() => {})
        await folder.close()
      },
      () => {},
    )
    return new SpoolFile(path, lock, file, size, mostBytes)
  }

  get hasUnsent(): boolean {
    return this.#sent < this.#size
  }

  /** Of those that this process put there. */
  get unsentRecords(): number {
    return this.#records
  }

  /** Among those that were sent. */
  get damagedLines(): number {
    return this.#damaged
  }

  /** It is on the disk when this resolves. */
  add(owner: Owner, batch: Batch): Promise<void> {
    return this.#inTurn(async () => {
      const head = ownerLine(owner)
      const isKnown = this.#size > 0 && this.#lastOwner === head
      const bytes = Buffer.from((isKnown ? '' : head) + linesOf(batch))
      if (this.#size + bytes.length > this.#mostBytes) {
        throw new StoreError('disk_full', `the spool ${this.#path} has reached its limit`)
      }
      await this.#write(bytes)
      this.#lastOwner = head
      this.#size += bytes.length
      this.#records += batch.records.length
    })
  }

  /** What comes next; null: nothing. */
  next(): Promise<Unsent | null> {
    return this.#inTurn(async () => {
      for (let most = readBytes; this.#sent < this.#size; most *= 2) {
        const bytes = Buffer.alloc(Math.min(most, this.#size - this.#sent))
        const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.#sent)
        const atEnd = this.#sent + bytesRead >= this.#size || bytesRead === 0
        // A line that the end of the file cut is looked at, and left out as damaged.
        const length = atEnd ? bytesRead : bytes.lastIndexOf('\n', bytesRead - 1) + 1
        if (length === 0 && !atEnd) continue
        const read = readLines(bytes.toString('utf8', 0, length), this.#sentOwner)
        return { ...read, end: atEnd ? this.#size : this.#sent + length }
      }
      return null
    })
  }

  /** The database has it. */
  confirmed({ pieces, owner, damaged, end }: Unsent): Promise<void> {
    return this.#inTurn(async () => {
      this.#sent = end
      this.#sentOwner = owner
      this.#damaged += damaged
      const records = pieces.reduce((sum, { batch }) => sum + batch.records.length, 0)
      this.#records = Math.max(0, this.#records - records)
      if (this.#sent < this.#size) return
      // A file that cannot be cut is sent twice if this process dies; the database knows what it has.
      await this.#file.truncate(0).catch(() => {})
      this.#size = 0
      this.#sent = 0
    })
  }

  /** What was not sent stays for who takes it over. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#file.close()
      const isDone = !this.hasUnsent
      if (isDone) await rm(this.#path, { force: true })
      this.#lock.release(isDone)
    })
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      let written = 0
      while (written < bytes.length) {
        const { bytesWritten } = await this.#file.write(
          bytes,
          written,
          bytes.length - written,
          this.#size + written,
        )
        written += bytesWritten
      }
      await this.#file.datasync()
    } catch (error) {
      // Half a line would be the beginning of the next one.
      await this.#file.truncate(this.#size).catch(() => {})
      throw error
    }
  }
}
