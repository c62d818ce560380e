import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import type { UsageRecord } from '../../record/record.ts'

/** One line of the journal: what happened since the last snapshot. */
export type JournalEntry =
  | { record: UsageRecord }
  | { opened: UsageRecord; owner: string }
  | { ended: readonly string[] }
  | { left: string }

/**
 * Lines appended beside the JSON file between its snapshots, so that nothing waits for one. While a snapshot is
 * written, the lines that it covers stand in a second file; it goes when the snapshot is in place.
 */
export class Journal {
  readonly #path: string
  readonly #covered: string

  constructor(file: string) {
    this.#path = `${file}.journal`
    this.#covered = `${file}.journal-covered`
  }

  get exists(): boolean {
    return existsSync(this.#path) || existsSync(this.#covered)
  }

  append(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    appendFileSync(this.#path, lines, { mode: 0o600 })
  }

  /** A snapshot begins that has everything so far. */
  cover(): void {
    if (!existsSync(this.#path)) return
    // A snapshot that failed left its lines there: they stay until one succeeds.
    if (existsSync(this.#covered)) {
      appendFileSync(this.#covered, readFileSync(this.#path))
      rmSync(this.#path)
    } else renameSync(this.#path, this.#covered)
  }

  covered(): void {
    rmSync(this.#covered, { force: true })
  }

  /** In their order; a line that a crash cut, or that is damaged, is left out. */
  *entries(): Generator<JournalEntry> {
    for (const path of [this.#covered, this.#path]) {
      if (!existsSync(path)) continue
      for (const line of readFileSync(path, 'utf8').split('\n')) {
        const entry = parsed(line)
        if (entry !== undefined) yield entry
      }
    }
  }
}

function parsed(line: string): JournalEntry | undefined {
  if (line === '') return undefined
  try {
    return JSON.parse(line) as JournalEntry
  } catch {
    return undefined
  }
}
