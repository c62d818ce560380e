import type { Issue } from '../../../capture/detectors/detector.ts'
import { decodedText, isoText } from './shown.ts'

/**
 * A row as JSON gives it: names in the words of the usage records (`snake_case`, units in them), times in ISO 8601,
 * bytes as text where they are UTF-8.
 */
export function jsonRow(row: object): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    if (/(?:A|^a)tNs$/.test(name) && (typeof value === 'number' || value === null)) {
      json[snake(name.slice(0, -2))] = isoText(value)
    } else if (foreign.has(name)) json[snake(name)] = value
    else if (value instanceof Uint8Array) Object.assign(json, jsonBytes(snake(name), value))
    else json[snake(name)] = jsonValue(value)
  }
  return json
}

/** What is in them has names of its own. */
const foreign: ReadonlySet<string> = new Set(['before', 'after', 'evidence', 'faults', 'headers'])

/** An issue with every key of `spec/capture.md`. */
export function jsonIssue(issue: Issue): Record<string, unknown> {
  const { code, type, severity, fault, confidence, exchange, file, session, leg, attempt } = issue
  const { entry, offset, atNs, description, evidence, hint, count } = issue
  return {
    ...{ code, type, severity, fault, confidence, exchange, file, session, leg, attempt, entry, offset },
    time: isoText(atNs),
    ...{ description, evidence, hint, count },
  }
}

function jsonValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonValue)
  if (typeof value === 'number') return round(value)
  return typeof value === 'object' && value !== null ? jsonRow(value) : value
}

/** Nanoseconds are the least that is measured of milliseconds. */
function round(value: number): number {
  return Number.isInteger(value) ? value : Math.round(value * 1e6) / 1e6
}

function jsonBytes(name: string, bytes: Uint8Array): Record<string, string> {
  const text = decodedText(bytes)
  if (Buffer.from(text).equals(bytes)) return { [name]: text }
  return {
    [`${name}_base64`]: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
