import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { createSessions, type SessionRequest } from '../../../src/proxy/sessions/sessions.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A request with these messages; one that begins with `>` is the model's. */
function request(messages: readonly string[], changes: Partial<SessionRequest> = {}): SessionRequest {
  const conversation = messages.map((text) => ({
    answer: text.startsWith('>'),
    item: { role: text.startsWith('>') ? 'assistant' : 'user', content: text } as Json,
  }))
  return {
    sessionHeader: null,
    headers: [],
    bodySessionId: null,
    credentialHash: 'alice',
    clientApp: 'openai-node',
    protocol: 'openai-chat',
    userId: null,
    promptCacheKey: null,
    conversation,
    ...changes,
  }
}

function aWorld(settings: { max?: number; turnsBefore?: (id: string) => number } = {}) {
  const clock = new FakeClock()
  let ids = 0
  const sessions = createSessions({ clock, newId: () => `s${++ids}`, ...settings })
  return { clock, sessions }
}

describe('a conversation without an id', () => {
  it('goes on in its session, turn by turn', () => {
    const { sessions } = aWorld()
    expect(sessions.assign(request(['a']))).toMatchObject({ id: 's1', turn: 1, retry: false })
    expect(sessions.assign(request(['a', '>b', 'c']))).toMatchObject({ id: 's1', turn: 2, retry: false })
    expect(sessions.assign(request(['a', '>b', 'c', '>d', '>e', 'f', 'g']))).toMatchObject({
      id: 's1',
      turn: 3,
    })
  })

  it('is a retry when the same messages come again', () => {
    const { sessions } = aWorld()
    sessions.assign(request(['a']))
    sessions.assign(request(['a', '>b', 'c']))
    expect(sessions.assign(request(['a', '>b', 'c']))).toMatchObject({ id: 's1', turn: 2, retry: true })
    expect(sessions.assign(request(['a']))).toMatchObject({ id: 's1', turn: 1, retry: true })
    expect(sessions.assign(request(['a', '>b', 'c', '>d', 'e']))).toMatchObject({ turn: 3, retry: false })
  })

  it.each<[string, Partial<SessionRequest>]>([
    ['another credential', { credentialHash: 'bob' }],
    ['no credential', { credentialHash: null }],
    ['another app', { clientApp: 'opencode' }],
  ])('is not continued by %s', (_, change) => {
    const { sessions } = aWorld()
    sessions.assign(request(['a']))
    expect(sessions.assign(request(['a', '>b', 'c'], change))).toMatchObject({
      id: 's2',
      turn: 1,
      retry: false,
    })
    expect(sessions.assign(request(['a'], change))).toMatchObject({ id: 's3', turn: 1, retry: false })
  })

  it('is forgotten after an hour without a sign of life, and not before', () => {
    const { clock, sessions } = aWorld()
    sessions.assign(request(['a']))
    clock.advance(3_600_000)
    expect(sessions.assign(request(['a']))).toMatchObject({ id: 's1', retry: true })
    clock.advance(3_600_000)
    expect(sessions.assign(request(['a', '>b', 'c']))).toMatchObject({ id: 's1', turn: 2 })
    clock.advance(3_600_001)
    expect(sessions.assign(request(['a', '>b', 'c', '>d', 'e']))).toMatchObject({ id: 's2', turn: 1 })
  })

  it('is new when nothing was seen before its last answer', () => {
    const { sessions } = aWorld()
    sessions.assign(request(['a']))
    expect(sessions.assign(request(['other', '>b', 'c']))).toMatchObject({ id: 's2', turn: 1 })
    expect(sessions.assign(request(['>b', 'c']))).toMatchObject({ id: 's3', turn: 1 })
  })

  it('never joins requests that have no messages', () => {
    const { sessions } = aWorld()
    expect(sessions.assign(request([]))).toMatchObject({ id: 's1', retry: false })
    expect(sessions.assign(request([]))).toMatchObject({ id: 's2', retry: false })
  })

  it('counts on from its own turn when the count was forgotten', () => {
    const { sessions } = aWorld({ max: 2 })
    sessions.assign(request(['a']))
    sessions.assign(request(['a', '>b', 'c']))
    for (const id of ['x', 'y']) sessions.assign(request([], { sessionHeader: id }))
    expect(sessions.assign(request(['a', '>b', 'c', '>d', 'e']))).toMatchObject({ id: 's1', turn: 3 })
  })

  it('forgets the conversations seen longest ago beyond its bound', () => {
    const { sessions } = aWorld({ max: 2 })
    for (const text of ['a', 'b', 'c']) sessions.assign(request([text]))
    expect(sessions.assign(request(['a', '>x', 'y']))).toMatchObject({ id: 's4', turn: 1 })
  })
})

describe('a conversation with an id', () => {
  it('counts turns whatever its messages are', () => {
    const { clock, sessions } = aWorld()
    const turn = (messages: string[]) => sessions.assign(request(messages, { sessionHeader: 'mine' }))
    expect(turn(['a'])).toMatchObject({ id: 'mine', turn: 1, retry: false })
    expect(turn(['quite', 'different'])).toMatchObject({ id: 'mine', turn: 2 })
    clock.advance(86_400_000)
    expect(turn(['third'])).toMatchObject({ id: 'mine', turn: 3 })
    expect(turn(['a'])).toMatchObject({ id: 'mine', turn: 1, retry: true })
  })

  it('counts for each credential by itself', () => {
    const { sessions } = aWorld()
    sessions.assign(request(['a'], { sessionHeader: 'x' }))
    const other = { sessionHeader: 'x', credentialHash: 'bob' }
    expect(sessions.assign(request(['a'], other))).toMatchObject({ id: 'x', turn: 1, retry: false })
  })

  it('has one key for all its turns, and for each credential another', () => {
    const { sessions } = aWorld()
    const named = (credentialHash: string | null) => request(['a'], { sessionHeader: 'x', credentialHash })
    const keys = [named('alice'), named('bob'), named(null), request(['a'], { sessionHeader: 'y' })].map(
      (one) => sessions.assign(one).key,
    )
    expect(new Set(keys).size).toBe(4)
    expect(sessions.assign(request(['a', '>b', 'c'], { sessionHeader: 'x' })).key).toBe(keys[0])
    expect(sessions.find(named('alice'))?.key).toBe(keys[0])
    // A repeated request is of the same session.
    expect(sessions.assign(named('alice'))).toMatchObject({ retry: true, key: keys[0] })
  })

  it('goes on counting after a restart', () => {
    const { sessions } = aWorld({ turnsBefore: (id) => (id === 'old' ? 7 : 0) })
    expect(sessions.assign(request(['a'], { sessionHeader: 'old' })).turn).toBe(8)
    expect(sessions.assign(request(['b'], { sessionHeader: 'old' })).turn).toBe(9)
    expect(sessions.assign(request(['a'], { sessionHeader: 'new' })).turn).toBe(1)
  })

  it('does not take the same words after another answer for a retry', () => {
    const { sessions } = aWorld()
    const turn = (previousResponseId: string | null) =>
      sessions.assign(request(['continue'], { sessionHeader: 'x', previousResponseId }))
    expect([turn(null), turn('resp_1'), turn('resp_2'), turn('resp_2')].map(({ turn }) => turn)).toEqual([
      1, 2, 3, 3,
    ])
  })

  it('takes the id out of what the client says of the conversation', () => {
    const { sessions } = aWorld()
    const user = { userId: 'user_a_account__session_0a1b', protocol: 'anthropic-messages' } as const
    const first = sessions.assign(request(['a'], user))
    expect(first.id).toMatch(/^[0-9a-f]{16}$/)
    expect(sessions.assign(request(['sub-agent'], user))).toMatchObject({
      id: first.id,
      turn: 2,
      retry: false,
    })
  })
})

describe('a helper call', () => {
  it('belongs to a session and takes no turn', () => {
    const { sessions } = aWorld()
    expect(sessions.find(request(['a'], { sessionHeader: 'x' }))).toMatchObject({ id: 'x', turn: 0 })
    sessions.assign(request(['a'], { sessionHeader: 'x' }))
    expect(sessions.find(request(['b'], { sessionHeader: 'x' }))).toMatchObject({ id: 'x', turn: 1 })
    expect(sessions.assign(request(['b'], { sessionHeader: 'x' }))).toMatchObject({
      id: 'x',
      turn: 2,
      retry: false,
    })
  })

  it('finds the conversation that it counts, and opens none', () => {
    const { sessions } = aWorld()
    expect(sessions.find(request(['a']))).toBeNull()
    sessions.assign(request(['a']))
    expect(sessions.find(request(['a', '>b', 'c']))).toMatchObject({ id: 's1', turn: 1 })
    expect(sessions.assign(request(['a', '>b', 'c']))).toMatchObject({ id: 's1', turn: 2, retry: false })
  })
})
