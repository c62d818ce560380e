import { describe, expect, it } from 'vitest'
import type { ProtocolName } from '../../../../src/core/protocol-name.ts'
import { fitHistory } from '../../../../src/proxy/body/foreign/fit-history.ts'

const own = { turns: false, states: false }
const foreignTurns = { turns: true, states: false }
const foreignStates = { turns: true, states: true }

const bytesOf = (body: object) => Buffer.from(JSON.stringify(body))
const fitted = (body: object, protocol: ProtocolName, foreign = foreignTurns): unknown =>
  JSON.parse(fitHistory(bytesOf(body), protocol, foreign).toString())

const question = { role: 'user', content: 'Which files are here?' }
const thought = { type: 'thinking', thinking: 'I should look.', signature: 'EqQB' }
const call = { type: 'tool_use', id: 'call_1', name: 'Bash', input: { command: 'ls' } }
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'a.txt' }] }
const thinking = { type: 'enabled', budget_tokens: 2000 }
const clear = { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] }

describe('a conversation that only its provider has answered', () => {
  it('passes as the same buffer, whatever stands in it', () => {
    const bytes = bytesOf({ thinking, messages: [question, { role: 'assistant', content: [call] }, result] })
    expect(fitHistory(bytes, 'anthropic-messages', own)).toBe(bytes)
  })
})

describe('a Messages conversation with turns of another provider', () => {
  it('is asked without thinking where the current turn began with a call of the other', () => {
    const messages = [question, { role: 'assistant', content: [call] }, result]
    expect(
      fitted({ model: 'm', thinking, context_management: clear, messages }, 'anthropic-messages'),
    ).toEqual({
      model: 'm',
      messages,
    })
  })

  it('keeps the other edits of its context', () => {
    const messages = [question, { role: 'assistant', content: [call] }, result]
    const other = { type: 'clear_tool_uses_20250919' }
    const context_management = { edits: [...clear.edits, other] }
    expect(fitted({ thinking, context_management, messages }, 'anthropic-messages')).toEqual({
      ...{ context_management: { edits: [other] }, messages },
    })
  })

  it.each([
    ['its own thinking began the turn', [question, { role: 'assistant', content: [thought, call] }, result]],
    [
      'the other’s call came later in the turn',
      [
        question,
        { role: 'assistant', content: [thought, call] },
        result,
        { role: 'assistant', content: [call] },
        result,
      ],
    ],
    [
      'the turn is over',
      [
        question,
        { role: 'assistant', content: [call] },
        result,
        { role: 'assistant', content: 'One.' },
        question,
      ],
    ],
    ['the turn has no call', [question, { role: 'assistant', content: [{ type: 'text', text: 'Well' }] }]],
  ])('stays byte for byte where %s', (_, messages) => {
    const bytes = bytesOf({ thinking, messages })
    expect(fitHistory(bytes, 'anthropic-messages', foreignTurns)).toBe(bytes)
  })

  it('stays byte for byte where thinking is adaptive, which needs no beginning', () => {
    const bytes = bytesOf({
      thinking: { type: 'adaptive' },
      messages: [question, { role: 'assistant', content: [call] }, result],
    })
    expect(fitHistory(bytes, 'anthropic-messages', foreignTurns)).toBe(bytes)
  })

  it('loses all thinking where two providers of the protocol have thought, and nothing that was said', () => {
    const input = { signature: 'of a letter', encrypted_content: 'x' }
    const said = { type: 'text', text: 'Done.', signature: 'kept: no state' }
    const messages = [
      ...[
        question,
        { role: 'assistant', content: [thought, { type: 'redacted_thinking', data: 'x' }, said] },
      ],
      ...[{ role: 'assistant', content: [thought] }, question],
      ...[{ role: 'assistant', content: [thought, { ...call, input }] }, result],
    ]
    expect(fitted({ thinking, messages }, 'anthropic-messages', foreignStates)).toEqual({
      messages: [
        ...[question, { role: 'assistant', content: [said] }, question],
        ...[{ role: 'assistant', content: [{ ...call, input }] }, result],
      ],
    })
  })
})

describe('a Gemini conversation with turns of another provider', () => {
  const args = { thoughtSignature: 'an argument' }
  const calls = [{ text: 'So:' }, { functionCall: { name: 'ls', args } }, { functionCall: { name: 'cat' } }]

  it('says of the first call of each turn that it has no signature, where it has none', () => {
    const signed = { role: 'model', parts: [{ functionCall: { name: 'ls' }, thoughtSignature: 'Eh' }] }
    expect(fitted({ contents: [{ role: 'model', parts: calls }, signed] }, 'gemini')).toEqual({
      contents: [
        {
          role: 'model',
          parts: [calls[0], { ...calls[1], thoughtSignature: 'skip_thought_signature_validator' }, calls[2]],
        },
        signed,
      ],
    })
  })

  it('loses the signatures of several providers, not the parts', () => {
    const parts = [
      { text: 'So:', thoughtSignature: 'Eh' },
      { functionCall: { name: 'ls', args }, thoughtSignature: 'Ei' },
    ]
    expect(fitted({ contents: [{ role: 'model', parts }] }, 'gemini', foreignStates)).toEqual({
      contents: [
        {
          role: 'model',
          parts: [
            { text: 'So:' },
            { functionCall: { name: 'ls', args }, thoughtSignature: 'skip_thought_signature_validator' },
          ],
        },
      ],
    })
  })
})

describe('other conversations of several providers of one protocol', () => {
  it('lose the reasoning items of Responses', () => {
    const item = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"type":"reasoning"}' }
    const reasoning = { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }
    expect(fitted({ input: [question, reasoning, item] }, 'openai-responses', foreignStates)).toEqual({
      input: [question, item],
    })
    expect(fitted({ input: 'hi' }, 'openai-responses', foreignStates)).toEqual({ input: 'hi' })
  })

  it('lose the reasoning details of Chat, and keep its text', () => {
    const message = { role: 'assistant', content: 'yes', reasoning_content: 'hm' }
    const details = [{ type: 'reasoning.encrypted', data: 'x' }]
    expect(
      fitted(
        { messages: [question, { ...message, reasoning_details: details }] },
        'openai-chat',
        foreignStates,
      ),
    ).toEqual({ messages: [question, message] })
  })
})
