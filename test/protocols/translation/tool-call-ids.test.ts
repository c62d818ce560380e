import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chatIds,
  geminiIds,
  idForBackend,
  idForClient,
  idFromClient,
  inventedId,
  messagesIds,
  responsesIds,
} from '../../../src/protocols/translation/tool-call-ids.ts'

const rules = { chatIds, responsesIds, messagesIds, geminiIds }

describe('the id of a tool call', () => {
  it.each(Object.entries(rules))('finds its way back from a client under %s', (_name, rule) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        const given = idForClient(id, rule)
        expect(given).toMatch(rule.pattern)
        expect(idFromClient(given)).toBe(id)
      }),
    )
  })

  it('stays as it is where the client’s protocol takes it', () => {
    expect(idForClient('toolu_01A-b', messagesIds)).toBe('toolu_01A-b')
    expect(idForClient('call:1|x', chatIds)).toBe('call:1|x')
    expect(idForClient('functions.Bash:0', messagesIds)).toBe('llmp_ZnVuY3Rpb25zLkJhc2g6MA')
  })

  it('that looks like one of ours is written anew, so that it is not read as one', () => {
    expect(idFromClient(idForClient('llmp_abc', messagesIds))).toBe('llmp_abc')
  })

  it.each(Object.entries(rules))('fits every backend under %s, the same each time', (_name, rule) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), (id) => {
        const sent = idForBackend(id, rule)
        expect(sent).toMatch(rule.pattern)
        expect(sent.length).toBeLessThanOrEqual(rule.maxLength)
        expect(idForBackend(id, rule)).toBe(sent)
      }),
    )
  })

  it('stays as it is where the backend takes it, and is short where it takes only short ones', () => {
    expect(idForBackend('toolu_01A', chatIds)).toBe('toolu_01A')
    expect(idForBackend('a'.repeat(41), chatIds)).toMatch(/^call_[0-9a-f]{32}$/)
  })

  it('that no provider gave is made of the exchange and the call’s number', () => {
    expect(inventedId('x_0123456789abcdef', 2)).toBe('call_0123456789abcdef_2')
    expect(inventedId('x_0123456789abcdef', 2)).toMatch(messagesIds.pattern)
  })
})
