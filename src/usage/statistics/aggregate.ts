import type { StatsQuery } from '../query/filter.ts'
import { fitsBackend } from '../query/fits.ts'
import type { AttemptEntry } from '../record/record.ts'
import type { CountedRecord } from './counted-record.ts'
import type { Fact } from './fact.ts'
import { attemptFact, factOf } from './facts.ts'
import { type GroupPlace, type GroupUnit, groupValue } from './group-keys.ts'
import { type StatsBody, statsOf } from './stats.ts'
import { Tally } from './tally.ts'

export type StatsGroup = Record<string, string | number | null> & StatsBody

export interface Stats extends StatsBody {
  groups?: StatsGroup[]
  groups_total?: number
}

const mostGroups = 10_000

/** A question about a backend counts attempts, not exchanges (`spec/usage.md`, The record). */
export function countsAttempts({ filter, groupBy }: Pick<StatsQuery, 'filter' | 'groupBy'>): boolean {
  return filter.backends.length > 0 || groupBy.includes('backend')
}

/** Adds up records that fit a query, with its groups. */
export class Aggregate {
  readonly #query: StatsQuery
  readonly #sketched: boolean
  readonly #all: Tally
  /** Each is in one group: to add up the groups in the end takes half as long as to add everything twice. */
  readonly #sumsGroups: boolean
  readonly #groups = new Map<string, { place: GroupPlace; tally: Tally }>()
  readonly #byAttempt: boolean

  /** `sketched`: records and stored tallies are added up alike, with estimated percentiles and sessions. */
  constructor(query: StatsQuery, sketched = false) {
    this.#query = query
    this.#sketched = sketched
    this.#all = new Tally(sketched)
    this.#sumsGroups = sketched && query.groupBy.length > 0 && !query.groupBy.includes('tool')
    this.#byAttempt = countsAttempts(query)
  }

  /** The record must fit the query's filter. */
  add(record: CountedRecord, atMs: number): void {
    const { filter, groupBy } = this.#query
    const facts = this.#facts(record, atMs)
    if (!this.#sumsGroups) for (const { fact } of facts) this.#all.add(fact)
    if (groupBy.length === 0) return
    const tools = groupBy.includes('tool') ? new Set(record.tool_names) : [null]
    for (const { fact, entry } of facts) {
      for (const tool of tools) {
        const unit = { record, atMs, entry, tool }
        this.#group(groupBy.map((key) => groupValue(key, unit, filter.timeZone))).add(fact)
      }
    }
  }

  /** Adds up what a roll-up has of records like this one, which began at `atMs`; `addTo` adds it to a tally. */
  addRolled(like: GroupUnit['record'], atMs: number, addTo: (tally: Tally) => void): void {
    const { filter, groupBy } = this.#query
    if (!this.#sumsGroups) addTo(this.#all)
    if (groupBy.length === 0) return
    addTo(
      this.#group(
        groupBy.map((key) =>
          groupValue(key, { record: like, atMs, entry: null, tool: null }, filter.timeZone),
        ),
      ),
    )
  }

  result(): Stats {
    const { leg, groupBy } = this.#query
    const all = this.#sumsGroups ? this.#sumOfGroups() : this.#all
    const stats: Stats = statsOf(all, leg)
    if (groupBy.length === 0) return stats
    const groups = [...this.#groups.values()].map(
      ({ place, tally }) =>
        ({
          ...Object.fromEntries(groupBy.map((key, index) => [key, place[index] ?? null])),
          ...statsOf(tally, leg),
        }) as StatsGroup,
    )
    stats.groups = this.#ordered(groups)
    stats.groups_total = groups.length
    return stats
  }

  #facts(record: CountedRecord, atMs: number): { fact: Fact; entry: AttemptEntry | null }[] {
    if (!this.#byAttempt) return [{ fact: factOf(record, atMs), entry: null }]
    const { filter } = this.#query
    return record.attempt_log
      .filter((entry) => filter.backends.length === 0 || fitsBackend(entry, filter))
      .map((entry) => ({ fact: attemptFact(record, atMs, entry), entry }))
  }

  #sumOfGroups(): Tally {
    const all = new Tally(true)
    for (const { tally } of this.#groups.values()) all.merge(tally)
    return all
  }

  #group(place: GroupPlace): Tally {
    const key = JSON.stringify(place)
    const known = this.#groups.get(key)
    if (known) return known.tally
    const tally = new Tally(this.#sketched)
    this.#groups.set(key, { place, tally })
    return tally
  }

  /** By the key's own order, or by what was asked. */
  #ordered(groups: StatsGroup[]): StatsGroup[] {
    const { groupBy, orderBy, limit } = this.#query
    const descends = orderBy?.startsWith('-') === true
    const names: readonly string[] = orderBy === null ? groupBy : [orderBy.replace(/^-/, ''), ...groupBy]
    groups.sort((a, b) => {
      for (const [index, name] of names.entries()) {
        const order = compare(a[name], b[name])
        if (order !== 0) return index === 0 && descends ? -order : order
      }
      return 0
    })
    return groups.slice(0, limit ?? mostGroups)
  }
}

/** Null comes last, whatever the direction of what is known. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === null || a === undefined) return 1
  if (b === null || b === undefined) return -1
  return (a as number | string) < (b as number | string) ? -1 : 1
}
