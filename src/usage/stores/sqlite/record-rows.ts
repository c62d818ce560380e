import type { Cell } from './columns.ts'
import { ownFields, type PackedGroup, sharedFields } from './packed-batch.ts'

/** So many cells of a group are one record's. */
export const ownWidth = ownFields.length

/** Where a field's cell stands among a record's own, or among those of its group. */
export const ownAt = placesOf(ownFields)
export const sharedAt = placesOf(sharedFields)

export function recordCount({ own }: PackedGroup): number {
  return own.length / ownWidth
}

export function idOf({ own }: PackedGroup, index: number): string {
  return own[index * ownWidth + ownAt.id] as string
}

export function openedAtMs({ own }: PackedGroup, index: number): number {
  return own[index * ownWidth + ownAt.timestamp] as number
}

export function isCrash({ shared }: PackedGroup): boolean {
  return shared[sharedAt.incomplete_reason] === 'crash'
}

/** The cells of those from one to before another. */
export function ownCells({ own }: PackedGroup, from: number, until: number): Cell[] {
  return own.slice(from * ownWidth, until * ownWidth)
}

/** A group of only one of its records. */
export function oneOf(group: PackedGroup, index: number): PackedGroup {
  return { shared: group.shared, own: ownCells(group, index, index + 1) }
}

function placesOf<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>
}
