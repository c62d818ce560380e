import { appendFileSync, createReadStream, existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { UsageRecord } from '../../record/record.ts'

/** Files beside the JSON one, a month each, for records that are beyond what is kept in memory. */
export class Archive {
  readonly #folder: string
  readonly #name: RegExp
  readonly #stem: string

  constructor(file: string) {
    this.#folder = dirname(file)
    this.#stem = basename(file).replace(/\.json$/, '')
    this.#name = new RegExp(
      `^${this.#stem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(\\d{4}-\\d{2})\\.jsonl$`,
    )
  }

  add(records: readonly UsageRecord[]): void {
    const months = new Map<string, UsageRecord[]>()
    for (const record of records) {
      const its = months.get(monthOf(record))
      if (its) its.push(record)
      else months.set(monthOf(record), [record])
    }
    for (const [month, its] of months) {
      const lines = its.map((record) => `${JSON.stringify(record)}\n`).join('')
      appendFileSync(join(this.#folder, `${this.#stem}.${month}.jsonl`), lines, { mode: 0o600 })
    }
  }

  /** Oldest month first. A line that cannot be read is left out. */
  async *records(): AsyncGenerator<UsageRecord> {
    for (const name of this.#files()) {
      const input = createReadStream(join(this.#folder, name))
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        try {
          yield JSON.parse(line) as UsageRecord
        } catch {
          // Cut by a crash, or damaged.
        }
      }
    }
  }

  async count(): Promise<number> {
    let records = 0
    for await (const _record of this.records()) records++
    return records
  }

  /** Removes months that ended before then. */
  removeBefore(beforeMs: number): void {
    const month = new Date(beforeMs).toISOString().slice(0, 7)
    for (const name of this.#files()) {
      if ((this.#name.exec(name)?.[1] ?? month) < month) rmSync(join(this.#folder, name))
    }
  }

  #files(): string[] {
    if (!existsSync(this.#folder)) return []
    return readdirSync(this.#folder)
      .filter((name) => this.#name.test(name))
      .sort()
  }
}

function monthOf({ timestamp }: UsageRecord): string {
  return timestamp.slice(0, 7)
}
