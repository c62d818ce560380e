import type { UsageRecord } from '../../record/record.ts'
import type { Cursor } from '../store.ts'

/** Whether what was read has what a record needs to have its place; the rest of a damaged line may be anything. */
export function isRecord(value: unknown): value is UsageRecord {
  if (typeof value !== 'object' || value === null) return false
  const { id, timestamp } = value as Partial<UsageRecord>
  return typeof id === 'string' && typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp))
}

/** Where a record stands in the order of all. */
export function placeOf(record: UsageRecord): Cursor {
  return { atMs: Date.parse(record.timestamp), id: record.id }
}

export function recordLine(record: UsageRecord): string {
  return `${JSON.stringify(record)}\n`
}

/** Undefined: cut by a crash, or damaged. */
export function recordOf(line: string): UsageRecord | undefined {
  try {
    const record: unknown = JSON.parse(line)
    return isRecord(record) ? record : undefined
  } catch {
    return undefined
  }
}
