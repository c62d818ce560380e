import { existsSync } from 'node:fs'
import { setImmediate as otherWork } from 'node:timers/promises'
import { nanoUsdOf } from '../../../core/cost.ts'
import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import { fits } from '../../query/fits.ts'
import type { UsageRecord } from '../../record/record.ts'
import { Aggregate, type Stats } from '../../statistics/aggregate.ts'
import { means, seenValues, unseenValues } from '../seen.ts'
import {
  type Appended,
  type Batch,
  type Cursor,
  type Owner,
  type Page,
  type PageQuery,
  StoreError,
} from '../store.ts'
import { Archive } from './archive.ts'
import { Journal, type JournalEntry } from './journal.ts'
import { merged, type Order, Ordered } from './ordered.ts'
import { placeOf } from './record-line.ts'
import { readSnapshot, setAside, snapshotVersion, writeSnapshot } from './snapshot.ts'

export interface JsonEngineSettings {
  file: string
  /** More are moved to the archive. */
  mostRecords: number
  /** Nothing is changed: not even a damaged file is set aside. */
  readOnly: boolean
  onNotice: (notice: string) => void
}

const readAtOnce = 2_000

/** The documented JSON file with its journal and archive; all records that are not archived are in memory. */
export class JsonEngine {
  readonly #settings: JsonEngineSettings
  readonly #journal: Journal
  readonly #archive: Archive
  #records = new Ordered<UsageRecord>()
  #timestamps = new Map<string, string>()
  readonly #open = new Map<string, { record: UsageRecord; owner: string }>()
  #changed = false

  constructor(settings: JsonEngineSettings) {
    this.#settings = settings
    this.#journal = new Journal(settings.file)
    this.#archive = new Archive(settings.file)
  }

  get archivedRecords(): number {
    return this.#archive.size
  }

  async load(): Promise<void> {
    const { file, onNotice, readOnly } = this.#settings
    if (readOnly && !existsSync(file) && !this.#journal.exists) {
      throw new StoreError('unreachable', `there is no ledger at ${file}`)
    }
    const whole = await this.#read()
    if (whole || readOnly) return
    const aside = setAside(file)
    onNotice(
      `the ledger ${file} was damaged; it is set aside as ${aside}, and ${this.#records.size} records could be read and are kept`,
    )
    this.#changed = true
    // What was read stands nowhere else until this succeeds; it is tried again with the next snapshot.
    await this.flush(Date.now()).catch(() => {})
  }

  /** Anew from the beginning, for a load that failed in the middle is tried again. False: the file is damaged. */
  async #read(): Promise<boolean> {
    const { file } = this.#settings
    for (;;) {
      const version = snapshotVersion(file)
      const { records, whole } = await readSnapshot(file)
      await this.#archive.load()
      // A crash between an archive and the next snapshot left the same in both.
      const kept = records.filter((record) => !this.#archive.has(placeOf(record)))
      this.#timestamps = new Map(kept.map(({ id, timestamp }) => [id, timestamp]))
      this.#records = new Ordered(kept.map((record) => ({ place: placeOf(record), value: record })))
      for await (const entry of this.#journal.entries()) this.#replay(entry)
      // Who only reads may have got an old snapshot and the journal of the next.
      if (snapshotVersion(file) === version) return whole
    }
  }

  append(owner: Owner, { records, opened, ended }: Batch): Appended {
    const isNew = (record: UsageRecord) => !this.#has(record)
    const fresh = [...new Map(records.filter(isNew).map((record) => [record.id, record])).values()]
    const conflicts = records.filter(
      ({ id, timestamp }) => (this.#timestamps.get(id) ?? timestamp) !== timestamp,
    )
    const entries: JournalEntry[] = fresh.map((record) => ({ record }))
    for (const record of opened) entries.push({ opened: record, owner: owner.id })
    if (ended.length > 0) entries.push({ ended })
    this.#journal.append(entries)
    for (const entry of entries) this.#replay(entry)
    return {
      stored: fresh.length,
      known: records.length - fresh.length - conflicts.length,
      conflicts: conflicts.map(({ id }) => id),
    }
  }

  /** One process writes this file: whatever another left open died with it. */
  closeOrphans(owner: Owner): number {
    const orphans = [...this.#open.values()].filter((open) => open.owner !== owner.id)
    const records = orphans.map(({ record }) => record)
    const { stored } = this.append(owner, { records, opened: [], ended: records.map(({ id }) => id) })
    return stored
  }

  release(owner: Owner): void {
    const entry = { left: owner.id }
    this.#journal.append([entry])
    this.#replay(entry)
  }

  async flush(nowMs: number): Promise<void> {
    if (!this.#changed && existsSync(this.#settings.file)) return
    this.#changed = false
    try {
      this.#journal.cover()
      this.#archiveOldest()
      await writeSnapshot(this.#settings.file, [...this.#records.all], nowMs)
      // What is open stands nowhere but in the journal.
      this.#journal.append([...this.#open.values()].map(({ record, owner }) => ({ opened: record, owner })))
      this.#journal.covered()
    } catch (error) {
      this.#changed = true
      throw error
    }
  }

  removeBefore(beforeMs: number): number {
    const removed = this.#records.takeBefore(beforeMs)
    for (const { id } of removed) this.#timestamps.delete(id)
    if (removed.length > 0) this.#changed = true
    return removed.length + this.#archive.removeBefore(beforeMs)
  }

  async stats(query: StatsQuery): Promise<Stats> {
    const aggregate = new Aggregate(query)
    for await (const record of this.#all(null, 'oldest'))
      if (fits(record, query.filter)) aggregate.add(record, Date.parse(record.timestamp))
    return aggregate.result()
  }

  async page({ filter, order, after, limit }: PageQuery): Promise<Page> {
    const found: UsageRecord[] = []
    for await (const record of this.#all(after, order)) {
      if (!fits(record, filter)) continue
      found.push(record)
      if (found.length > limit) break
    }
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    return { lines: shown.map((record) => JSON.stringify(record)), next: last ? placeOf(last) : null }
  }

  async count(filter: UsageFilter, most: number): Promise<number | null> {
    let count = 0
    for await (const record of this.#all(null, 'oldest')) {
      if (fits(record, filter)) count++
      if (count > most) return null
    }
    return count
  }

  find(beginning: string, limit: number): string[] {
    const [kept, archived] = [this.#records.named(beginning), this.#archive.named(beginning)]
    const found: string[] = []
    for (const record of merged(kept, archived, placeOf, 'newest')) {
      if (found.length === limit) break
      found.push(JSON.stringify(record))
    }
    return found
  }

  async unseen(filter: UsageFilter): Promise<string[]> {
    const seen = new Set<string>()
    const sessions = new Set<string | null>()
    for await (const record of this.#all(null, 'oldest')) {
      sessions.add(record.session_id)
      for (const [field, value] of seenValues(record)) seen.add(`${field}=${value}`)
    }
    const missing = unseenValues(filter, (field, word) =>
      [...seen].some(
        (text) => text.startsWith(`${field}=`) && means(field, word, text.slice(field.length + 1)),
      ),
    )
    return [
      ...missing,
      ...filter.sessionIds.filter((id) => !sessions.has(id)).map((id) => `session_id=${id}`),
    ]
  }

  lastTurns(limit: number): { sessionId: string; turn: number }[] {
    const turns = new Map<string, number>()
    for (const { session_id: id, turn_number: turn } of this.#records.behind(null, 'newest')) {
      if (id === null || turn === null) continue
      if (turns.has(id) || turns.size < limit) turns.set(id, Math.max(turn, turns.get(id) ?? 0))
    }
    return [...turns].map(([sessionId, turn]) => ({ sessionId, turn }))
  }

  async spentSince(fromMs: number): Promise<{ user: string; nanoUsd: number }[]> {
    const spent = new Map<string, number>()
    for await (const { proxy_user: user, cost_usd: usd } of this.#all({ atMs: fromMs, id: '' }, 'oldest')) {
      if (user !== null && usd !== null) spent.set(user, (spent.get(user) ?? 0) + nanoUsdOf(usd))
    }
    return [...spent].map(([user, nanoUsd]) => ({ user, nanoUsd }))
  }

  /** Those behind a place as they are now, the archived too. What comes meanwhile is written in between. */
  async *#all(after: Cursor | null, order: Order): AsyncGenerator<UsageRecord> {
    const [kept, archived] = [this.#records.behind(after, order), this.#archive.behind(after, order)]
    let given = 0
    for (const record of merged(kept, archived, placeOf, order)) {
      if (++given % readAtOnce === 0) await otherWork()
      yield record
    }
  }

  /** None leaves the memory that is not in the archive. */
  #archiveOldest(): void {
    for (;;) {
      const over = this.#records.size - this.#settings.mostRecords
      if (over <= 0) return
      const archived = this.#records.takeOldest(this.#archive.add(this.#records.all.slice(0, over)))
      for (const { id } of archived) this.#timestamps.delete(id)
    }
  }

  #has(record: UsageRecord): boolean {
    return this.#timestamps.has(record.id) || this.#archive.has(placeOf(record))
  }

  #replay(entry: JournalEntry): void {
    if ('record' in entry) {
      this.#open.delete(entry.record.id)
      if (!this.#has(entry.record)) this.#keep(entry.record)
    } else if ('opened' in entry)
      this.#open.set(entry.opened.id, { record: entry.opened, owner: entry.owner })
    else if ('ended' in entry) for (const id of entry.ended) this.#open.delete(id)
    else for (const [id, { owner }] of this.#open) if (owner === entry.left) this.#open.delete(id)
    this.#changed = true
  }

  #keep(record: UsageRecord): void {
    this.#records.add(placeOf(record), record)
    this.#timestamps.set(record.id, record.timestamp)
  }
}
