import type { Decoded } from './cbor-decode.ts'

/** Whether a value from a file is what a field may hold. Never throws. */
export type Check = (value: Decoded) => boolean

/** Longer texts stand in no field: bodies are bytes. */
const maxTextCharacters = 1 << 20
const maxHeaders = 100_000

export function text(maxCharacters = maxTextCharacters): Check {
  return (value) => typeof value === 'string' && value.length <= maxCharacters
}

export const flag: Check = (value) => typeof value === 'boolean'

export const bytes: Check = (value) => value instanceof Uint8Array

export function within(min: number, max: number): Check {
  return (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
}

/** A number of bytes, records, tokens; a status. */
export const size: Check = within(0, Number.MAX_SAFE_INTEGER)

/** Of a section, in nanoseconds. Another program may have written a fraction of one. */
export const time: Check = (value) =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER

/** Nanoseconds since 1970, up to the year 2262. */
export const wallTime: Check = (value) =>
  typeof value === 'bigint' ? value >= 0n && value < 1n << 63n : size(value)

export function anyOf(...texts: readonly string[]): Check {
  return (value) => texts.includes(value as string)
}

export function listOf(check: Check, maxLength: number): Check {
  return (value) => Array.isArray(value) && value.length <= maxLength && value.every((item) => check(item))
}

const anyText = text()
const headerPair: Check = (value) =>
  Array.isArray(value) && value.length === 2 && anyText(value[0]) && anyText(value[1])

export const headerPairs: Check = listOf(headerPair, maxHeaders)

/** A map with these fields, of which those that are optional may be missing; others are left alone. */
export function shaped(
  fields: Readonly<Record<string, { check: Check; optional: boolean }>>,
): (value: Decoded) => boolean {
  const list = Object.entries(fields)
  return (value) => {
    const object = asMap(value)
    return object !== null && list.every(([name, field]) => holds(field, object[name]))
  }
}

export function holds(field: { check: Check; optional: boolean }, value: Decoded | undefined): boolean {
  return value === undefined ? field.optional : field.check(value)
}

export function asMap(value: Decoded): { readonly [key: string]: Decoded } | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value) || value instanceof Uint8Array) return null
  return value as { readonly [key: string]: Decoded }
}
