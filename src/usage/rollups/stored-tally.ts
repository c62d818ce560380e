import { addCount, measureNames, type SumName, sumNames, type Tally } from '../statistics/tally.ts'
import { ByteReader, ByteWriter } from '../statistics/varints.ts'

/** Everything of a tally but its sketches. The order is that of the stored files: what is new goes to the end. */
export function sumsBytes(tally: Tally): Uint8Array {
  const writer = new ByteWriter()
  writer.whole(sumNames.length)
  for (const name of sumNames) writer.number(tally.sums[name])
  writer.number(tally.firstMs)
  writer.number(tally.lastMs)
  for (const sum of [tally.cost, tally.listCost, tally.cacheSavings]) sum.write(writer)
  for (const name of measureNames) tally.measures[name].writeSums(writer)
  writer.whole(tally.costBySource.size)
  for (const [source, sum] of tally.costBySource) {
    writer.text(source)
    sum.write(writer)
  }
  for (const counts of [tally.tools, tally.statuses, tally.outcomes]) writeCounts(writer, counts)
  return writer.result()
}

export function sketchBytes(tally: Tally): Uint8Array {
  const writer = new ByteWriter()
  for (const name of measureNames) tally.measures[name].writeSketch(writer)
  tally.sessions.write(writer)
  return writer.result()
}

/** Adds a tally that was stored in these two parts to one that is sketched too. */
export function addStored(tally: Tally, sums: Uint8Array, sketches: Uint8Array): void {
  mergeSums(tally, new ByteReader(sums))
  const reader = new ByteReader(sketches)
  for (const name of measureNames) tally.measures[name].mergeSketch(reader)
  tally.sessions.mergeWritten(reader)
}

function mergeSums(tally: Tally, from: ByteReader): void {
  const { sums } = tally
  const count = from.whole()
  for (let index = 0; index < count; index++) sums[sumNames[index] as SumName] += from.number()
  tally.firstMs = Math.min(tally.firstMs, from.number())
  tally.lastMs = Math.max(tally.lastMs, from.number())
  tally.cost.mergeWritten(from)
  tally.listCost.mergeWritten(from)
  tally.cacheSavings.mergeWritten(from)
  for (const name of measureNames) tally.measures[name].mergeSums(from)
  for (let left = from.whole(); left > 0; left--) tally.costOf(from.text()).mergeWritten(from)
  mergeCounts(from, tally.tools)
  mergeCounts(from, tally.statuses)
  mergeCounts(from, tally.outcomes)
}

function writeCounts(writer: ByteWriter, counts: ReadonlyMap<string, number>): void {
  writer.whole(counts.size)
  for (const [name, times] of counts) {
    writer.text(name)
    writer.number(times)
  }
}

function mergeCounts(from: ByteReader, counts: Map<string, number>): void {
  for (let left = from.whole(); left > 0; left--) addCount(counts, from.text(), from.number())
}
