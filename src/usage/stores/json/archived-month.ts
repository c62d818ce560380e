import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import type { UsageRecord } from '../../record/record.ts'
import type { Cursor } from '../store.ts'
import { appendWhole } from './append-whole.ts'
import { linesOf } from './lines-of.ts'
import { type Order, Ordered } from './ordered.ts'
import { placeOf, recordLine, recordOf } from './record-line.ts'

const newline = 0x0a

/** A file of records, one a line, in the order of their archiving; where each stands in that of time is kept in memory. */
export class ArchivedMonth {
  readonly #path: string
  #offsets = new Ordered<number>()

  constructor(path: string) {
    this.#path = path
  }

  get size(): number {
    return this.#offsets.size
  }

  /** Reads where its records are. */
  async load(): Promise<void> {
    const found: { place: Cursor; value: number }[] = []
    for await (const { line, offset } of linesOf(this.#path)) {
      const record = recordOf(line)
      if (record !== undefined) found.push({ place: placeOf(record), value: offset })
    }
    this.#offsets = new Ordered(found)
  }

  add(records: readonly UsageRecord[]): void {
    const lines = records.map(recordLine)
    let offset = appendWhole(this.#path, lines.join(''))
    for (const [index, record] of records.entries()) {
      this.#offsets.add(placeOf(record), offset)
      offset += Buffer.byteLength(lines[index] ?? '')
    }
  }

  has(place: Cursor): boolean {
    return this.#offsets.has(place)
  }

  /** As it is now, though more is added or the file removed before all are read. */
  behind(place: Cursor | null, order: Order): Generator<UsageRecord> {
    return this.#read(this.#offsets.behind(place, order))
  }

  named(beginning: string): Generator<UsageRecord> {
    return this.#read(this.#offsets.named(beginning))
  }

  *#read(offsets: readonly number[]): Generator<UsageRecord> {
    // Removed meanwhile.
    if (!existsSync(this.#path)) return
    const file = openSync(this.#path, 'r')
    try {
      for (const offset of offsets) {
        const record = recordOf(lineAt(file, offset))
        if (record !== undefined) yield record
      }
    } finally {
      closeSync(file)
    }
  }
}

function lineAt(file: number, offset: number): string {
  for (let size = 4_096; ; size *= 4) {
    const bytes = Buffer.allocUnsafe(size)
    const read = bytes.subarray(0, readSync(file, bytes, 0, size, offset))
    const end = read.indexOf(newline)
    if (end >= 0 || read.length < size) return read.subarray(0, end < 0 ? undefined : end).toString()
  }
}
