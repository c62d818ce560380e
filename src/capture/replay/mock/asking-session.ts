import { headerValue } from '../../../core/http.ts'
import { isObject, objectAt, stringAt } from '../../../core/json.ts'
import type { AskedRequest } from './asked-request.ts'

const sessionHeaders = [
  'x-session-id',
  'x-claude-code-session-id',
  'session-id',
  'session_id',
  'x-codex-session-id',
]

/** What a request calls the conversation that it belongs to; null: nothing. */
export function askingSession({ headers, json }: AskedRequest): string | null {
  for (const name of sessionHeaders) {
    const value = headerValue(headers, name)
    if (value) return value
  }
  if (!isObject(json)) return null
  const userId = stringAt(objectAt(json, 'metadata'), 'user_id')
  return userId ?? stringAt(json, 'prompt_cache_key') ?? stringAt(json, 'session_id') ?? null
}
