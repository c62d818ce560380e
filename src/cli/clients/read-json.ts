import { isObject, type JsonObject } from '../../core/json.ts'
import type { Machine } from './client.ts'

/** A client's JSON file; an empty object when it is missing or broken: connect then says what it does not know. */
export function readJson(machine: Machine, path: string): JsonObject {
  const text = machine.readText(path)
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
