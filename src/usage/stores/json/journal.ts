import { existsSync, renameSync, rmSync } from 'node:fs'
import type { UsageRecord } from '../../record/record.ts'
import { appendWhole } from './append-whole.ts'
import { linesOf } from './lines-of.ts'
import { isRecord } from './record-line.ts'

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
    appendWhole(this.#path, lines)
  }

  /** A snapshot begins that has everything so far. */
  cover(): void {
    // Lines of a snapshot that failed still stand there: until one succeeds, these stay where they are.
    if (existsSync(this.#path) && !existsSync(this.#covered)) renameSync(this.#path, this.#covered)
  }

  covered(): void {
    rmSync(this.#covered, { force: true })
  }

  /** In their order; a line that a crash cut, or that is damaged, is left out. */
  async *entries(): AsyncGenerator<JournalEntry> {
    // The younger first: a snapshot that begins now gives it the other's name, and twice is better than not at all.
    const young = await entriesIn(this.#path)
    yield* await entriesIn(this.#covered)
    yield* young
  }
}

async function entriesIn(path: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  if (!existsSync(path)) return entries
  for await (const { line } of linesOf(path)) {
    const entry = parsed(line)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

function parsed(line: string): JournalEntry | undefined {
  if (line === '') return undefined
  try {
    const entry = JSON.parse(line) as JournalEntry
    if ('record' in entry) return isRecord(entry.record) ? entry : undefined
    if ('opened' in entry) return isRecord(entry.opened) ? entry : undefined
    return entry
  } catch {
    return undefined
  }
}
