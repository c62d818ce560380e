import { type Appended, type Batch, type Owner, StoreError } from '../store.ts'
import { asStoreError } from '../store-errors.ts'
import { turns } from '../turns.ts'
import type { Piece } from './spool/entries.ts'
import type { SpoolFile } from './spool/spool-file.ts'
import type { SpoolFolder } from './spool/spool-folder.ts'

/** So long a batch is waited for; then it is on its way, and what comes next need not wait in memory. */
const patienceMs = 1_000
const retryMs = 1_000
/** What may be sent before this process ends. */
const lastMs = 5_000

export interface DeliveryParts {
  spools: SpoolFolder
  /** Into the database. `isGone`: its owner does not live any more. */
  send: (piece: Piece, isGone: boolean) => Promise<Appended>
  onNotice: (notice: string) => void
}

/**
 * Brings batches to the database by way of the spool. A batch is in the spool, on the disk, before it is sent and
 * leaves it when the database has confirmed it. Once it is there `append` succeeds whatever becomes of the database, and
 * says in `unsent` what is not in it yet, and why: so a ledger keeps nothing in memory through an outage, what it is told
 * is what the database has, and a `kill -9` loses nothing. Order is kept: while older batches wait, a new one goes behind
 * them. Where the spool takes nothing (disk full, its limit of 1 GB) the batch goes straight to the database, and where
 * that is away too `append` rejects and the ledger keeps it in memory, within its own bound.
 */
export class Delivery {
  readonly #parts: DeliveryParts
  readonly #inTurn = turns()
  #own: SpoolFile | undefined
  #orphans: SpoolFile[] = []
  #running: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #trouble: StoreError | null = null
  #spoolFails = false
  readonly #refused = new Set<string>()
  #closed = false
  /** Of what was sent since it was last told. */
  #told: { stored: number; known: number; conflicts: string[] } = { stored: 0, known: 0, conflicts: [] }

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  append(owner: Owner, batch: Batch): Promise<Appended> {
    return this.#inTurn(() => this.#append(owner, batch))
  }

  /** Takes over what a process left that is gone, and sends it. False: not all of it could be sent yet. */
  async adopt(): Promise<boolean> {
    const { spools, onNotice } = this.#parts
    const found = await spools.orphans((error, path) => this.#sayRefused(path, error))
    this.#orphans.push(...found)
    const left = found.filter(({ hasUnsent }) => hasUnsent).length
    if (left > 0) onNotice(`what ${left} ended proxies could not send is taken over from ${spools.folder}`)
    await within(patienceMs, this.#delivered())
    return this.#orphans.length === 0
  }

  /** Sends what is left, for as long as a process that ends may wait; says whether all was sent. */
  async last(): Promise<boolean> {
    await within(lastMs, this.#delivered())
    if (!this.#hasUnsent) return true
    const { folder } = this.#parts.spools
    this.#parts.onNotice(
      `${this.#own?.unsentRecords ?? 0} usage records are not in the database yet; they wait in ${folder} for the next start`,
    )
    return false
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#retry)
    await this.#running
    await Promise.all([this.#own, ...this.#orphans].map((file) => file?.close()))
  }

  async #append(owner: Owner, batch: Batch): Promise<Appended> {
    const isBehind = this.#hasUnsent
    if (isEmpty(batch)) return isBehind ? this.#waiting() : this.#parts.send({ owner, batch }, false)
    if (!(await this.#spooled(owner, batch))) return this.#parts.send({ owner, batch }, false)
    if (!isBehind) Object.assign(this.#told, { stored: 0, known: 0 })
    const sent = this.#delivered()
    if (!isBehind) await within(patienceMs, sent)
    return this.#hasUnsent ? this.#waiting() : this.#tell()
  }

  async #spooled(owner: Owner, batch: Batch): Promise<boolean> {
    const { spools, onNotice } = this.#parts
    try {
      this.#own ??= await spools.create()
      await this.#own.add(owner, batch)
      this.#spoolFails = false
      return true
    } catch (error) {
      const { message } = asStoreError(error, spools.folder)
      if (!this.#spoolFails)
        onNotice(`usage records go to the database without a copy in the spool: ${message}`)
      this.#spoolFails = true
      return false
    }
  }

  get #hasUnsent(): boolean {
    return this.#own?.hasUnsent === true || this.#orphans.length > 0
  }

  /** Resolves when nothing is left to send, or when the database does not take it. */
  async #delivered(): Promise<void> {
    do {
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined
      })
      await this.#running
    } while (this.#hasUnsent && this.#trouble === null && !this.#closed)
  }

  async #run(): Promise<void> {
    clearTimeout(this.#retry)
    try {
      while (this.#orphans[0]) {
        const orphan = this.#orphans[0]
        await this.#empty(orphan, true)
        if (orphan.hasUnsent) break
        this.#orphans.shift()
        this.#sayDamage(orphan)
        await orphan.close()
      }
      if (this.#own) await this.#empty(this.#own, false)
      this.#trouble = null
    } catch (error) {
      this.#trouble = asStoreError(error, this.#parts.spools.folder)
      if (!this.#closed) this.#retry = setTimeout(() => void this.#delivered(), retryMs)
    }
  }

  async #empty(file: SpoolFile, isGone: boolean): Promise<void> {
    for (;;) {
      const unsent = this.#closed ? null : await file.next()
      if (unsent === null) return
      for (const piece of unsent.pieces) {
        const { stored, known, conflicts } = await this.#parts.send(piece, isGone)
        this.#told.conflicts.push(...conflicts)
        if (isGone) continue
        this.#told.stored += stored
        this.#told.known += known
      }
      await file.confirmed(unsent)
    }
  }

  /** It is tried again from time to time, and told once. */
  #sayRefused(path: string, error: unknown): void {
    if (this.#refused.has(path)) return
    this.#refused.add(path)
    this.#parts.onNotice(
      `what an ended proxy could not send cannot be taken over: ${asStoreError(error, path).message}`,
    )
  }

  #sayDamage({ damagedLines }: SpoolFile): void {
    if (damagedLines === 0) return
    this.#parts.onNotice(`${damagedLines} lines of a spool were cut or damaged and are left out`)
  }

  #tell(): Appended {
    const told = this.#told
    this.#told = { stored: 0, known: 0, conflicts: [] }
    return told
  }

  #waiting(): Appended {
    const { conflicts } = this.#tell()
    const { code, message } =
      this.#trouble ?? new StoreError('busy', 'what waited for the database of the ledger is being sent')
    const unsent = { records: this.#own?.unsentRecords ?? 0, code, message }
    return { stored: 0, known: 0, conflicts, unsent }
  }
}

function isEmpty({ records, opened, ended }: Batch): boolean {
  return records.length + opened.length + ended.length === 0
}

/** Waits for what is going on, and no longer than that. */
async function within(ms: number, going: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([going, late])
  clearTimeout(timer)
}
