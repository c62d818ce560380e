import type { Json } from '../core/json.ts'

/** Whether a value says anything: some vendors send every optional field as an empty string, 0 or empty list. */
export function hasSubstance(value: Json | undefined, levels = 3): boolean {
  if (!value) return false
  if (typeof value !== 'object' || levels === 0) return true
  return Object.values(value).some((inner) => hasSubstance(inner, levels - 1))
}

/** A string with something in it, else undefined. */
export function filled(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
