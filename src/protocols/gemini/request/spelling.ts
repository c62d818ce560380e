import { isObject, type Json, type JsonObject } from '../../../core/json.ts'

/** The API takes `camelCase` and `snake_case`: the value under either. */
export function either(holder: JsonObject | undefined, camelCase: string): Json | undefined {
  if (holder === undefined) return undefined
  const plain = holder[camelCase]
  return plain === undefined ? holder[snakeCase(camelCase)] : plain
}

export function eitherObject(holder: JsonObject | undefined, camelCase: string): JsonObject | undefined {
  const found = either(holder, camelCase)
  return isObject(found) ? found : undefined
}

/** A key in the API's own spelling. */
export function camelCased(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
