import { printable } from '../core/printable.ts'

/** Names come from clients, who may make them as long as they like. */
const longestName = 128

export function shortName(name: string): string
export function shortName(name: string | null): string | null
export function shortName(name: string | null): string | null {
  return name === null ? null : printable(name, longestName)
}
