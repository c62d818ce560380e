import { hash } from 'node:crypto'
import { ProxyError } from '../../core/errors.ts'
import { type HeaderPairs, headerValue } from '../../core/http.ts'
import { stringAt } from '../../core/json.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

/** Where a request may say which conversation it belongs to. */
export interface ConversationMarks {
  /** `x-session-id` as sent. */
  sessionHeader: string | null
  headers: HeaderPairs
  /** `metadata.user_id` and its like. */
  userId: string | null
  promptCacheKey: string | null
  /** `session_id` in the body. */
  bodySessionId: string | null
  clientApp: string | null
  protocol: ProtocolName
}

const maxLength = 256

/**
 * The session id that a request names, in the order of `spec/usage.md`; null when it names none.
 * Throws `bad_session` for one that is too long or not printable.
 */
export function namedSession(marks: ConversationMarks): string | null {
  const sent = checked(marks.sessionHeader, 'x-session-id')
  if (sent !== null) return sent
  const own = ownConversationId(marks)
  if (own !== null) return hashConversationId(own)
  return checked(marks.bodySessionId, 'session_id')
}

/** How a client's own conversation id is kept: the first 16 hex digits of its SHA-256. Filters hash alike. */
export function hashConversationId(id: string): string {
  return hash('sha256', id).slice(0, 16)
}

function ownConversationId(marks: ConversationMarks): string | null {
  return (
    filled(headerValue(marks.headers, 'x-claude-code-session-id')) ??
    sessionInUserId(marks.userId) ??
    codexConversation(marks)
  )
}

/**
 * The session part of Claude Code's `metadata.user_id`: newer versions send a JSON string with
 * `session_id`, older ones `user_…_account_…_session_UUID`. Anybody else's user id names no session.
 */
export function sessionInUserId(userId: string | null): string | null {
  if (userId === null) return null
  const legacy = /^user_.*_session_([\w-]+)$/.exec(userId)
  if (legacy?.[1] !== undefined) return legacy[1]
  if (!userId.startsWith('{')) return null
  try {
    return filled(stringAt(JSON.parse(userId), 'session_id'))
  } catch {
    return null
  }
}

/** Other clients use a prompt cache key for whatever shares a prompt, so only Codex's names a conversation. */
function codexConversation({
  headers,
  promptCacheKey,
  clientApp,
  protocol,
}: ConversationMarks): string | null {
  if (protocol !== 'openai-responses') return null
  const header = filled(headerValue(headers, 'session-id'))
  if (header !== null) return header
  return clientApp === 'codex' ? filled(promptCacheKey) : null
}

function checked(id: string | null, where: string): string | null {
  if (filled(id) === null || id === null) return null
  if (id.length <= maxLength && /^[\x20-\x7e]+$/.test(id)) return id
  throw new ProxyError(
    'bad_session',
    `${where} must be at most ${maxLength} printable ASCII characters; send a shorter or simpler id`,
    { param: where },
  )
}

function filled(value: string | null | undefined): string | null {
  return value === null || value === undefined || value.trim() === '' ? null : value
}
