import type { Json } from '../core/json.ts'

/** A value as JSON; empty when it is nested too deeply to be written, which parsing allows. */
export function jsonText(value: Json): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
