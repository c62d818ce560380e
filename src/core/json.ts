/** JSON as it comes from outside: never merged into objects that have a prototype. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json | undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value under `key` if it is an object of its own, else undefined. */
export function objectAt(value: unknown, key: string): JsonObject | undefined {
  const found = own(value, key)
  return isObject(found) ? found : undefined
}

export function arrayAt(value: unknown, key: string): Json[] | undefined {
  const found = own(value, key)
  return Array.isArray(found) ? found : undefined
}

export function stringAt(value: unknown, key: string): string | undefined {
  const found = own(value, key)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(value: unknown, key: string): number | undefined {
  const found = own(value, key)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

function own(value: unknown, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
