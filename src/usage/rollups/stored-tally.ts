import {
  addCount,
  type MeasureName,
  measureNames,
  type SumName,
  sumNames,
  type Tally,
} from '../statistics/tally.ts'
import type { ValueSums } from '../statistics/values.ts'
import { ByteReader, ByteWriter } from '../statistics/varints.ts'

/** Everything of a tally but its sketches, as a store keeps it: short, and read by itself where it says enough. */
interface StoredSums {
  sums: Partial<Record<SumName, number>>
  /** Whole nano-dollars as text: JSON's numbers would lose some. */
  cost: string
  listCost: string
  cacheSavings: string
  costBySource: [string, string][]
  tools: [string, number][]
  statuses: [string, number][]
  outcomes: [string, number][]
  measures: Partial<Record<MeasureName, ValueSums>>
  firstMs: number
  lastMs: number
}

export function sumsText(tally: Tally): string {
  const sums = Object.fromEntries(
    sumNames.filter((name) => tally.sums[name] !== 0).map((name) => [name, tally.sums[name]]),
  )
  const measures = Object.fromEntries(
    measureNames.map((name) => [name, tally.measures[name].sums] as const).filter(([, [count]]) => count > 0),
  )
  return JSON.stringify({
    ...{ sums, measures, firstMs: tally.firstMs, lastMs: tally.lastMs },
    cost: String(tally.cost.value),
    listCost: String(tally.listCost.value),
    cacheSavings: String(tally.cacheSavings.value),
    costBySource: [...tally.costBySource].map(([source, sum]) => [source, String(sum.value)]),
    ...{ tools: [...tally.tools], statuses: [...tally.statuses], outcomes: [...tally.outcomes] },
  } satisfies StoredSums)
}

/** Adds a stored tally, which `sketchBytes` completes, to one that is sketched too. */
export function addStored(tally: Tally, text: string, sketches: Uint8Array): void {
  addSums(tally, JSON.parse(text) as StoredSums)
  const reader = new ByteReader(sketches)
  for (const name of measureNames) tally.measures[name].mergeWritten(reader)
  tally.sessions.mergeWritten(reader)
}

export function sketchBytes(tally: Tally): Uint8Array {
  const writer = new ByteWriter()
  for (const name of measureNames) tally.measures[name].write(writer)
  tally.sessions.write(writer)
  return writer.result()
}

function addSums(tally: Tally, stored: StoredSums): void {
  for (const [name, value] of Object.entries(stored.sums) as [SumName, number][]) tally.sums[name] += value
  for (const [name, sums] of Object.entries(stored.measures) as [MeasureName, ValueSums][]) {
    tally.measures[name].addSums(sums)
  }
  tally.cost.addWhole(BigInt(stored.cost))
  tally.listCost.addWhole(BigInt(stored.listCost))
  tally.cacheSavings.addWhole(BigInt(stored.cacheSavings))
  for (const [source, sum] of stored.costBySource) tally.costOf(source).addWhole(BigInt(sum))
  for (const [name, times] of stored.tools) addCount(tally.tools, name, times)
  for (const [status, times] of stored.statuses) addCount(tally.statuses, status, times)
  for (const [outcome, times] of stored.outcomes) addCount(tally.outcomes, outcome, times)
  tally.firstMs = Math.min(tally.firstMs, stored.firstMs)
  tally.lastMs = Math.max(tally.lastMs, stored.lastMs)
}
