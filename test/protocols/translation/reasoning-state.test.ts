import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import {
  isReadableBy,
  readState,
  sealMark,
  sealState,
  stateForClient,
} from '../../../src/protocols/translation/reasoning-state.ts'

const native = { protocol: 'anthropic-messages', kind: 'signature' } as const
const gpt = { protocol: 'openai-responses', model: 'gpt-5', kind: 'encrypted', data: 'gAAAA-ü' } as const

describe('a sealed state', () => {
  it('is base64 of our mark and a list of where it came from', () => {
    const text = Buffer.from(sealState(gpt), 'base64').toString('utf8')
    expect(text).toBe('llmproxy/v1/["openai-responses","gpt-5","encrypted","gAAAA-ü"]')
    expect(sealState(gpt)).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(sealState(gpt).startsWith(sealMark)).toBe(true)
  })

  it('comes back as it was, whatever it holds', () => {
    const kinds = fc.constantFrom('signature', 'redacted', 'encrypted', 'thought_signature')
    const states = fc.record({
      protocol: fc.constantFrom(...protocolNames),
      model: fc.option(fc.string({ unit: 'binary' })),
      kind: kinds as fc.Arbitrary<typeof gpt.kind>,
      data: fc.string({ unit: 'grapheme' }),
    })
    fc.assert(
      fc.property(states, (state) => {
        expect(readState(sealState(state), native)).toEqual(state)
      }),
    )
  })

  it.each([
    'EqQBCkYIBxgC',
    '',
    sealMark,
    `${sealMark}AAAA`,
    Buffer.from('llmproxy/v1/["x","m","signature","d"]').toString('base64'),
    Buffer.from('llmproxy/v1/["gemini","m","signature"]').toString('base64'),
  ])('is not what %j is: that is the client’s own', (data) => {
    expect(readState(data, native)).toEqual({ ...native, model: null, data })
  })

  it('is never made for a client of the protocol that it came from', () => {
    const state = { protocol: 'gemini', kind: 'thought_signature', data: 'CiQB' } as const
    const source = { protocol: 'gemini', model: 'gemini-3-pro' } as const
    expect(stateForClient(state, source, 'gemini')).toBe('CiQB')
    expect(readState(stateForClient(state, source, 'openai-chat'), native)).toEqual({
      ...state,
      model: 'gemini-3-pro',
    })
  })
})

it.each([
  [gpt, 'openai-responses', 'gpt-5', true],
  [gpt, 'openai-responses', 'gpt-5-mini', false],
  [gpt, 'anthropic-messages', 'gpt-5', false],
  [{ ...gpt, model: null }, 'openai-responses', 'anything', true],
] as const)('%o is readable by %s %s: %s', (state, protocol, model, readable) => {
  expect(isReadableBy(state, { protocol, model })).toBe(readable)
})
