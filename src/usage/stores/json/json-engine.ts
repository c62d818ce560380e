import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StatsQuery, UsageFilter } from '../../query/filter.ts'
import { fits } from '../../query/fits.ts'
import { nanoUsdOf } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'
import { Aggregate, type Stats } from '../../statistics/aggregate.ts'
import { means, seenValues, unseenValues } from '../seen.ts'
import { type Appended, type Batch, type Owner, type Page, type PageQuery, StoreError } from '../store.ts'
import { Archive } from './archive.ts'
import { Journal, type JournalEntry } from './journal.ts'
import { compare, OrderedRecords, placeOf } from './record-line.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'

export interface JsonEngineSettings {
  file: string
  /** More are moved to the archive. */
  mostRecords: number
  /** Nothing is changed: not even a damaged file is set aside. */
  readOnly: boolean
  onNotice: (notice: string) => void
}

/** The documented JSON file with its journal and archive; all records that are not archived are in memory. */
export class JsonEngine {
  readonly #settings: JsonEngineSettings
  readonly #journal: Journal
  readonly #archive: Archive
  readonly #records = new OrderedRecords()
  readonly #timestamps = new Map<string, string>()
  readonly #open = new Map<string, { record: UsageRecord; owner: string }>()
  #changed = false
  archivedRecords = 0

  constructor(settings: JsonEngineSettings) {
    this.#settings = settings
    this.#journal = new Journal(settings.file)
    this.#archive = new Archive(settings.file)
  }

  async load(): Promise<void> {
    const { file, onNotice, readOnly } = this.#settings
    if (readOnly && !existsSync(file) && !this.#journal.exists) {
      throw new StoreError('unreachable', `there is no ledger at ${file}`)
    }
    const { records, whole } = await readSnapshot(file)
    for (const record of records) this.#keep(record)
    for (const entry of this.#journal.entries()) this.#replay(entry)
    this.archivedRecords = await this.#archive.count()
    if (whole || readOnly) return
    const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`
    renameSync(file, aside)
    this.#changed = true
    onNotice(
      `the ledger ${file} was damaged; it is set aside as ${aside}, and ${records.length} records could be read and are kept`,
    )
  }

  append(owner: Owner, { records, opened, ended }: Batch): Appended {
    mkdirSync(dirname(this.#settings.file), { recursive: true, mode: 0o700 })
    const isNew = (record: UsageRecord) => !this.#timestamps.has(record.id)
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
    this.#journal.cover()
    const over = this.#records.all.length - this.#settings.mostRecords
    if (over > 0) this.#move(this.#records.takeOldest(over))
    await writeSnapshot(this.#settings.file, [...this.#records.all], nowMs)
    this.#journal.covered()
    // What is open stands nowhere but in the journal.
    this.#journal.append([...this.#open.values()].map(({ record, owner }) => ({ opened: record, owner })))
  }

  removeBefore(beforeMs: number): number {
    this.#archive.removeBefore(beforeMs)
    const removed = this.#records.takeBefore(beforeMs)
    for (const { id } of removed) this.#timestamps.delete(id)
    if (removed.length > 0) this.#changed = true
    return removed.length
  }

  async stats(query: StatsQuery): Promise<Stats> {
    const aggregate = new Aggregate(query)
    for await (const record of this.#all()) if (fits(record, query.filter)) aggregate.add(record)
    return aggregate.result()
  }

  async page({ filter, order, after, limit }: PageQuery): Promise<Page> {
    const found: UsageRecord[] = []
    const from = order === 'oldest' ? this.#all() : this.#records.from(after, order)
    for await (const record of from) {
      const isBehind = after === null || (order === 'oldest' ? 1 : -1) * compare(placeOf(record), after) > 0
      if (!isBehind || !fits(record, filter)) continue
      found.push(record)
      if (found.length > limit) break
    }
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    return { lines: shown.map((record) => JSON.stringify(record)), next: last ? placeOf(last) : null }
  }

  async count(filter: UsageFilter, most: number): Promise<number | null> {
    let count = 0
    for await (const record of this.#all()) {
      if (fits(record, filter)) count++
      if (count > most) return null
    }
    return count
  }

  find(beginning: string, limit: number): string[] {
    return this.#records.all
      .filter(({ id }) => id.startsWith(beginning))
      .reverse()
      .slice(0, limit)
      .map((record) => JSON.stringify(record))
  }

  async unseen(filter: UsageFilter): Promise<string[]> {
    const seen = new Set<string>()
    const sessions = new Set<string | null>()
    for await (const record of this.#all()) {
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
    for (const { session_id: id, turn_number: turn } of this.#records.from(null, 'newest')) {
      if (id === null || turn === null) continue
      if (turns.has(id) || turns.size < limit) turns.set(id, Math.max(turn, turns.get(id) ?? 0))
    }
    return [...turns].map(([sessionId, turn]) => ({ sessionId, turn }))
  }

  spentSince(fromMs: number): { user: string; nanoUsd: number }[] {
    const spent = new Map<string, number>()
    for (const { proxy_user: user, cost_usd: usd } of this.#records.from(
      { atMs: fromMs, id: '' },
      'oldest',
    )) {
      if (user !== null && usd !== null) spent.set(user, (spent.get(user) ?? 0) + nanoUsdOf(usd))
    }
    return [...spent].map(([user, nanoUsd]) => ({ user, nanoUsd }))
  }

  async *#all(): AsyncGenerator<UsageRecord> {
    if (this.archivedRecords > 0) yield* this.#archive.records()
    yield* this.#records.from(null, 'oldest')
  }

  #move(records: readonly UsageRecord[]): void {
    this.#archive.add(records)
    this.archivedRecords += records.length
    for (const { id } of records) this.#timestamps.delete(id)
  }

  #replay(entry: JournalEntry): void {
    if ('record' in entry) {
      this.#open.delete(entry.record.id)
      if (!this.#timestamps.has(entry.record.id)) this.#keep(entry.record)
    } else if ('opened' in entry)
      this.#open.set(entry.opened.id, { record: entry.opened, owner: entry.owner })
    else if ('ended' in entry) for (const id of entry.ended) this.#open.delete(id)
    else for (const [id, { owner }] of this.#open) if (owner === entry.left) this.#open.delete(id)
    this.#changed = true
  }

  #keep(record: UsageRecord): void {
    this.#records.add(record)
    this.#timestamps.set(record.id, record.timestamp)
  }
}
