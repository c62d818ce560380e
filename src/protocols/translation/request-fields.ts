import { ProxyError } from '../../core/errors.ts'
import { isObject, type Json, type JsonObject } from '../../core/json.ts'

/** The 400 for a request that cannot be understood, with the parameter's place in it. */
export function badRequest(param: string, what: string): ProxyError {
  return new ProxyError('bad_request', `"${param}" ${what}`, { param })
}

/** The elements of a list, each an object. */
export function objectsOf(value: Json | undefined, param: string): JsonObject[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw badRequest(param, 'is not a list')
  return value.map((element, index) => {
    if (!isObject(element)) throw badRequest(`${param}[${index}]`, 'is not an object')
    return element
  })
}

/** The arguments of an earlier tool call as the text of a JSON object; none are those of a tool without parameters. */
export function argumentsText(value: Json | undefined, param: string): string {
  if (isObject(value)) return JSON.stringify(value)
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return '{}'
  if (typeof value === 'string' && isObject(parsedJson(value))) return value
  throw badRequest(param, 'are not the JSON of an object')
}

export function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** `data:image/png;base64,…` taken apart; undefined for any other URL. */
export function dataUrl(url: string): { mediaType: string; data: string } | undefined {
  const found = /^data:([^;,]*)(?:;[^;,]+)*;base64,/i.exec(url)
  if (!found) return undefined
  return {
    mediaType: (found[1] || 'application/octet-stream').toLowerCase(),
    data: url.slice(found[0].length),
  }
}

/** A finite number, or null. */
export function numberOrNull(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function booleanOrNull(value: Json | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null
}

export function stringOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** The strings of a list, or the one string. */
export function stringList(value: Json | undefined): string[] {
  const list = Array.isArray(value) ? value : [value ?? null]
  return list.filter((element): element is string => typeof element === 'string' && element !== '')
}

/** `{name: text}` pairs; other values as JSON. */
export function stringRecord(value: Json | undefined): Record<string, string> | null {
  if (!isObject(value)) return null
  const pairs = Object.entries(value).filter(([, text]) => text !== undefined && text !== null)
  return Object.fromEntries(
    pairs.map(([key, text]) => [key, typeof text === 'string' ? text : JSON.stringify(text)]),
  )
}
