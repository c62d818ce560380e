import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSessions, type SessionRequest } from '../../../src/proxy/sessions/sessions.ts'
import { FakeClock } from '../../support/fake-clock.ts'

type Entry = NonNullable<SessionRequest['conversation']>[number]

/** A client's conversation as a person would keep track of it. */
interface Talk {
  sent: Entry[]
  id: string | undefined
  turn: number
  /** Whether the process that saw the last turn still runs. */
  known: boolean
}

const step = fc.record({
  talk: fc.nat(3),
  act: fc.constantFrom('say', 'say', 'say', 'retry', 'count', 'wait', 'restart'),
  answers: fc.integer({ min: 1, max: 3 }),
})

describe('sessions of many conversations side by side', () => {
  it.each([
    ['found by their messages', false],
    ['named by the client', true],
  ])('keep their ids and count their turns, %s', (_, named) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new FakeClock()
        const ledger = new Map<string, number>()
        const start = () => createSessions({ clock, max: 500, turnsBefore: (id) => ledger.get(id) ?? 0 })
        let sessions = start()
        const talks = [0, 1, 2, 3].map((): Talk => ({ sent: [], id: undefined, turn: 0, known: false }))
        const ids = new Map<string, Talk>()

        steps.forEach(({ talk: number, act, answers }, i) => {
          const talk = talks[number]
          if (!talk) return
          const assign = () => sessions.assign(requestOf(talk, number, named))
          if (act === 'wait') clock.advance(60_000)
          if (act === 'restart' && named) {
            sessions = start()
            for (const each of talks) each.known = false
          }
          if (act === 'count') sessions.find(requestOf(talk, number, named))
          if (act === 'retry' && talk.turn > 0) {
            const turn = talk.known ? talk.turn : talk.turn + 1
            expect(assign()).toMatchObject({ id: talk.id, turn, retry: talk.known })
            Object.assign(talk, { turn, known: true })
            ledger.set(talk.id ?? '', turn)
          }
          if (act !== 'say') return
          if (talk.sent.length > 0) talk.sent.push(...answersOf(answers, i))
          talk.sent.push({ answer: false, item: { role: 'user', content: `talk ${number} says ${i}` } })
          const { id, turn, retry } = assign()
          expect({ turn, retry }).toEqual({ turn: talk.turn + 1, retry: false })
          expect(id).toBe(talk.id ?? id)
          expect(ids.get(id) ?? talk).toBe(talk)
          ids.set(id, talk)
          Object.assign(talk, { id, turn, known: true })
          ledger.set(id, turn)
        })
      }),
      { numRuns: 150 },
    )
  })
})

function answersOf(count: number, at: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    answer: true,
    item: { role: 'assistant', content: `answer ${i} at ${at}` },
  }))
}

function requestOf(talk: Talk, number: number, named: boolean): SessionRequest {
  return {
    sessionHeader: named ? `talk-${number % 2}-of-${number}` : null,
    headers: [],
    bodySessionId: null,
    // Two clients with two conversations each.
    credentialHash: `client ${number % 2}`,
    clientApp: null,
    protocol: 'openai-chat',
    conversation: [...talk.sent],
    userId: null,
    promptCacheKey: null,
  }
}
