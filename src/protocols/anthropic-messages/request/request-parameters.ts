import type { Call } from '../../../core/call.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { LossName } from '../../../core/losses.ts'
import { badRequest } from '../../translation/request-fields.ts'

/** What a request asks for that only this protocol has; collected while it is read. */
export type Specials = { -readonly [Key in keyof Call['special'][number]]: Call['special'][number][Key] }[]

/** Read into the call, or of the transport. */
const known: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'system', 'stream', 'max_tokens', 'stop_sequences', 'metadata', 'service_tier'],
  ...['temperature', 'top_p', 'top_k', 'tools', 'tool_choice', 'thinking', 'output_config', 'output_format'],
  ...['anthropic_version', 'anthropic_beta', 'betas'],
])

const lossOf: ReadonlyMap<string, LossName> = new Map<string, LossName>([
  ['mcp_servers', 'stored_state'],
  ['container', 'stored_state'],
  ['cache_control', 'cache_control'],
])

/** The parameters that no other protocol has, by their names. */
export function otherParameters(body: JsonObject): Specials {
  return Object.entries(body)
    .filter(([key, value]) => !known.has(key) && says(value))
    .map(([param]) => ({ loss: lossOf.get(param) ?? 'other_parameters', param }))
}

function says(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
}

/** Null where it is left out; anything but a number is the client's mistake. */
export function numberParameter(body: JsonObject, param: string): number | null {
  const value = body[param] ?? null
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value
  throw badRequest(param, 'is no number')
}

export function stringParameter(body: JsonObject, param: string): string | null {
  const value = body[param] ?? null
  if (value === null || typeof value === 'string') return value
  throw badRequest(param, 'is no string')
}

export function stringsParameter(body: JsonObject, param: string): string[] {
  const value = body[param] ?? []
  if (!Array.isArray(value)) throw badRequest(param, 'is no list')
  return value.map((item, at) => {
    if (typeof item === 'string') return item
    throw badRequest(`${param}[${at}]`, 'is no string')
  })
}
