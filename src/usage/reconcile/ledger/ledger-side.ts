import { hourMs } from '../../query/local-time.ts'
import type { UsageRecord } from '../../record/record.ts'
import { type Day, dayOf } from '../days.ts'
import { LedgerSums } from './amounts.ts'
import { type BackendNames, type Charge, chargesOf } from './charge.ts'

/** What is usual for a model, to judge what the provider may have done unseen. */
export interface ModelHabits {
  /** Attempts with a whole report. */
  reported: number
  promptTokens: number
  completionTokens: number
  mostPromptTokens: number
  mostCompletionTokens: number
  mostUsdPerMillion: number
}

/** Attempts that began on one day and ended on the next. */
export interface Overnight {
  /** On the day they began, on the day they ended. */
  leaves: LedgerSums
  enters: LedgerSums
}

export const quarterMs = 900_000

export interface LedgerSettings {
  timeZone: string
  /** Names or types; empty: all. */
  backends: BackendNames
  /** No day of the zone begins within a slice. */
  sliceMs: number
  /** Exchanges through plans are counted from here up to there. */
  fromMs: number
  untilMs: number
}

/** The ledger's side: attempts summed up by hours and models, however many there are. */
export class LedgerSide {
  readonly #settings: LedgerSettings
  /** By model, then by slice. */
  readonly slices = new Map<string, Map<number, LedgerSums>>()
  readonly habits = new Map<string, ModelHabits>()
  /** By model, then by day of the zone. */
  readonly overnight = new Map<string, Map<Day, Overnight>>()
  planAttempts = 0

  constructor(settings: LedgerSettings) {
    this.#settings = settings
  }

  get sliceMs(): number {
    return this.#settings.sliceMs
  }

  add(record: UsageRecord): void {
    const { charges, plan } = chargesOf(record, this.#settings.backends)
    const atMs = Date.parse(record.timestamp)
    if (atMs >= this.#settings.fromMs && atMs < this.#settings.untilMs) this.planAttempts += plan
    for (const charge of charges) this.#take(charge)
  }

  #take(charge: Charge): void {
    const ofModel = entry(this.slices, charge.model, () => new Map<number, LedgerSums>())
    entry(ofModel, Math.floor(charge.atMs / this.sliceMs), () => new LedgerSums()).add(charge)
    this.#learn(charge)
    if (charge.endMs - charge.atMs < hourMs * 24) this.#watchMidnight(charge)
  }

  #learn(charge: Charge): void {
    const habits = entry(this.habits, charge.model, noHabits)
    habits.mostUsdPerMillion = Math.max(habits.mostUsdPerMillion, charge.usdPerMillion)
    if (charge.incident !== null) return
    habits.reported++
    habits.promptTokens += charge.promptTokens
    habits.completionTokens += charge.completionTokens
    habits.mostPromptTokens = Math.max(habits.mostPromptTokens, charge.promptTokens)
    habits.mostCompletionTokens = Math.max(habits.mostCompletionTokens, charge.completionTokens)
  }

  #watchMidnight(charge: Charge): void {
    const sameSlice = Math.floor(charge.atMs / this.sliceMs) === Math.floor(charge.endMs / this.sliceMs)
    if (sameSlice) return
    const [began, ended] = [charge.atMs, charge.endMs].map((ms) => dayOf(ms, this.#settings.timeZone))
    if (began === undefined || ended === undefined || began === ended) return
    const ofModel = entry(this.overnight, charge.model, () => new Map<Day, Overnight>())
    entry(ofModel, began, noNight).leaves.add(charge)
    entry(ofModel, ended, noNight).enters.add(charge)
  }
}

export function noHabits(): ModelHabits {
  return {
    ...{ reported: 0, promptTokens: 0, completionTokens: 0 },
    ...{ mostPromptTokens: 0, mostCompletionTokens: 0, mostUsdPerMillion: 0 },
  }
}

function noNight(): Overnight {
  return { leaves: new LedgerSums(), enters: new LedgerSums() }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
