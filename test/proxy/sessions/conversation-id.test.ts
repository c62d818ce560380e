import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import {
  type ConversationMarks,
  hashConversationId,
  namedSession,
  sessionInUserId,
} from '../../../src/proxy/sessions/conversation-id.ts'

const marks: ConversationMarks = {
  sessionHeader: null,
  headers: [],
  userId: null,
  promptCacheKey: null,
  bodySessionId: null,
  clientApp: null,
  protocol: 'openai-responses',
}
const uuid = 'd2e70091-3007-41a3-a916-cb8b0d3098de'
// printf %s "$uuid" | sha256sum | cut -c1-16
const uuidHash = 'd564fe0275aa58a2'

describe('namedSession', () => {
  it('is null when nothing names one', () => {
    expect(namedSession(marks)).toBeNull()
    expect(namedSession({ ...marks, sessionHeader: '', bodySessionId: ' ' })).toBeNull()
  })

  it('keeps x-session-id as sent, before everything else', () => {
    const headers = [['x-claude-code-session-id', uuid]] as const
    const all = { ...marks, sessionHeader: 'My Session/1', headers, bodySessionId: 'b' }
    expect(namedSession(all)).toBe('My Session/1')
  })

  it.each<[string, Partial<ConversationMarks>]>([
    ["Claude Code's header", { headers: [['x-claude-code-session-id', uuid]] }],
    [
      'its user id as JSON',
      { userId: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: uuid }) },
    ],
    ['its older user id', { userId: `user_5dd07c33da27_account__session_${uuid}` }],
    ['an older user id with an account', { userId: `user_5dd0_account_8f1f-0b18_session_${uuid}` }],
    ["Codex's header", { headers: [['session-id', uuid]], clientApp: 'codex' }],
    ["Codex's prompt cache key", { promptCacheKey: uuid, clientApp: 'codex' }],
  ])('keeps a hash of the conversation in %s', (_, changes) => {
    expect(namedSession({ ...marks, bodySessionId: 'b', ...changes })).toBe(uuidHash)
    expect(hashConversationId(uuid)).toBe(uuidHash)
  })

  it('prefers the header to the user id, and the user id to session_id in the body', () => {
    const userId = `user_a_account__session_${uuid}`
    const both = { ...marks, headers: [['x-claude-code-session-id', 'other']] as const, userId }
    expect(namedSession(both)).toBe(hashConversationId('other'))
    expect(namedSession({ ...marks, userId, bodySessionId: 'b' })).toBe(uuidHash)
    expect(namedSession({ ...marks, bodySessionId: 'b' })).toBe('b')
  })

  it("takes no other client's prompt cache key or session-id for a conversation", () => {
    expect(namedSession({ ...marks, promptCacheKey: 'app-v1' })).toBeNull()
    expect(namedSession({ ...marks, protocol: 'gemini', headers: [['session-id', 'x']] })).toBeNull()
  })

  it.each([
    ['sessionHeader', 'x-session-id', 'a'.repeat(257)],
    ['sessionHeader', 'x-session-id', 'a\u0007b'],
    ['sessionHeader', 'x-session-id', 'sitzung-ä'],
    ['bodySessionId', 'session_id', 'line\nbreak'],
    ['bodySessionId', 'session_id', 'b'.repeat(257)],
  ])('refuses a bad id in %s and names %s', (field, where, id) => {
    const error = thrownBy(() => namedSession({ ...marks, [field]: id }))
    expect(error).toMatchObject({ code: 'bad_session', status: 400, param: where })
    expect(error.message).toContain(where)
    expect(error.message).not.toContain(id)
  })

  it('takes an id of exactly the greatest length', () => {
    expect(namedSession({ ...marks, sessionHeader: 'a'.repeat(256) })).toBe('a'.repeat(256))
  })
})

describe('sessionInUserId', () => {
  it.each([
    null,
    '123',
    'alice@example.com',
    'user_42',
    '{"session_id": 5}',
    '{"session_id"',
    '{}',
    'session_x',
  ])('finds no session in %s', (userId) => {
    expect(sessionInUserId(userId)).toBeNull()
  })
})

function thrownBy(run: () => unknown): ProxyError {
  try {
    run()
  } catch (error) {
    if (error instanceof ProxyError) return error
  }
  throw new Error('nothing was thrown')
}
