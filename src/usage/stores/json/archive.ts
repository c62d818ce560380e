import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { UsageRecord } from '../../record/record.ts'
import type { Cursor } from '../store.ts'
import { ArchivedMonth } from './archived-month.ts'
import type { Order } from './ordered.ts'
import { placeOf } from './record-line.ts'

const mostAtOnce = 1_000

/** Files beside the JSON one, a month each, for records that are beyond what is kept in memory. */
export class Archive {
  readonly #folder: string
  readonly #name: RegExp
  readonly #stem: string
  /** By their names, as `2026-11`. */
  readonly #months = new Map<string, ArchivedMonth>()

  constructor(file: string) {
    this.#folder = dirname(file)
    this.#stem = basename(file).replace(/\.json$/i, '')
    this.#name = new RegExp(
      `^${this.#stem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(\\d{4}-\\d{2})\\.jsonl$`,
    )
  }

  get size(): number {
    return [...this.#months.values()].reduce((sum, month) => sum + month.size, 0)
  }

  /** Reads what there is. */
  async load(): Promise<void> {
    this.#months.clear()
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : []
    for (const name of names) {
      const month = this.#name.exec(name)?.[1]
      if (month !== undefined) await this.#month(month).load()
    }
  }

  /** Takes the first of these, as many as are of one month and not too long a text; says how many. */
  add(records: readonly UsageRecord[]): number {
    const [first] = records
    if (first === undefined) return 0
    const month = monthOf(placeOf(first))
    const others = records.slice(0, mostAtOnce).findIndex((record) => monthOf(placeOf(record)) !== month)
    const taken = records.slice(0, others < 0 ? mostAtOnce : others)
    this.#month(month).add(taken)
    return taken.length
  }

  has(place: Cursor): boolean {
    return this.#months.get(monthOf(place))?.has(place) ?? false
  }

  /** Those behind a place, as they are now. */
  behind(place: Cursor | null, order: Order): Generator<UsageRecord> {
    return oneAfterTheOther(this.#sorted(order).map((month) => month.behind(place, order)))
  }

  /** Those whose id begins so, newest first. */
  named(beginning: string): Generator<UsageRecord> {
    return oneAfterTheOther(this.#sorted('newest').map((month) => month.named(beginning)))
  }

  /** Removes months that ended before then; says how many records they had. */
  removeBefore(beforeMs: number): number {
    const first = monthOf({ atMs: beforeMs, id: '' })
    let removed = 0
    for (const [name, month] of this.#months) {
      if (name >= first) continue
      rmSync(this.#pathOf(name), { force: true })
      this.#months.delete(name)
      removed += month.size
    }
    return removed
  }

  #sorted(order: Order): ArchivedMonth[] {
    const names = [...this.#months.keys()].sort()
    if (order === 'newest') names.reverse()
    return names.map((name) => this.#month(name))
  }

  #month(name: string): ArchivedMonth {
    const known = this.#months.get(name)
    if (known) return known
    const made = new ArchivedMonth(this.#pathOf(name))
    this.#months.set(name, made)
    return made
  }

  #pathOf(month: string): string {
    return join(this.#folder, `${this.#stem}.${month}.jsonl`)
  }
}

function monthOf({ atMs }: Cursor): string {
  return new Date(atMs).toISOString().slice(0, 7)
}

function* oneAfterTheOther(all: readonly Generator<UsageRecord>[]): Generator<UsageRecord> {
  for (const one of all) yield* one
}
