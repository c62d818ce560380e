import { describe, expect, it, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json.ts'
import { sealState } from '../../../../src/protocols/translation/reasoning-state.ts'
import { decoded, hi, messagesOf } from './a-call.ts'

const text = (said: string) => ({ type: 'text', text: said })
const user = (...parts: JsonObject[]): JsonObject => ({ role: 'user', parts })
const model = (...parts: JsonObject[]): JsonObject => ({ role: 'model', parts })
const partsOf = (...contents: JsonObject[]) => messagesOf(...contents).map(({ parts }) => parts)

test.each([
  ['hi'],
  [{ parts: [{ text: 'hi' }] }],
  [[{ role: 'user', parts: { text: 'hi' } }]],
  [[{ parts: 'hi' }]],
])('words of the user: %j', (contents) => {
  expect(decoded({ contents }).messages).toEqual([hi])
})

test.each([
  ['Be brief.'],
  [{ text: 'Be brief.' }],
  [{ parts: [{ text: 'Be brief.' }], role: 'user' }],
  [{ parts: 'Be brief.' }],
  [[{ text: 'Be brief.' }]],
])('the system prompt: %j', (systemInstruction) => {
  expect(decoded({ systemInstruction }).messages).toEqual([
    { role: 'system', parts: [text('Be brief.')] },
    hi,
  ])
})

test('a picture that instructs is named, an empty system prompt is none', () => {
  const inlineData = { mimeType: 'image/png', data: 'AAAA' }
  const call = decoded({ systemInstruction: { parts: [{ text: 'Be brief.' }, { inlineData }] } })
  expect(call.messages[0]).toEqual({ role: 'system', parts: [text('Be brief.')] })
  expect(call.special).toEqual([{ loss: 'system_message_form', param: 'systemInstruction.parts[1]' }])
  expect(decoded({ systemInstruction: { parts: [{ text: '' }] } }).messages).toEqual([hi])
})

test('roles: the model, instructions in the middle, and everybody else is the user', () => {
  const roles = messagesOf(
    { role: 'user', parts: [{ text: 'a' }] },
    { role: 'model', parts: [{ text: 'b' }] },
    { role: 'system', parts: [{ text: 'c' }] },
    { role: 'function', parts: [{ text: 'd' }] },
  ).map(({ role }) => role)
  expect(roles).toEqual(['user', 'assistant', 'system', 'user'])
})

test('an answer that the SDK kept chunk by chunk is one message, its pieces put together', () => {
  const chunks = [
    model({ text: 'Let me ', thought: true }),
    model({ text: 'think.', thought: true }),
    model({ text: '', thought: true, thoughtSignature: 'c2ln' }),
    model({ text: 'Hel' }),
    model({ text: 'lo' }),
    model({ text: '' }),
  ]
  expect(messagesOf(...chunks)).toEqual([
    {
      role: 'assistant',
      parts: [
        {
          type: 'reasoning',
          text: 'Let me think.',
          state: { protocol: 'gemini', model: null, kind: 'thought_signature', data: 'c2ln' },
        },
        text('Hello'),
      ],
    },
  ])
})

describe('thought signatures', () => {
  const native = { protocol: 'gemini', model: null, kind: 'thought_signature', data: 'c2ln' }
  const functionCall = { id: 'c1', name: 'f', args: { a: 1 } }
  const call = { type: 'tool_call', id: 'c1', name: 'f', arguments: '{"a":1}' }

  it('belong to the part that they stand on', () => {
    expect(
      partsOf(
        model(
          { text: 'hm', thought: true, thought_signature: 'c2ln' },
          { text: 'Hi', thoughtSignature: 'c2ln' },
          { functionCall, thoughtSignature: 'c2ln' },
        ),
      ),
    ).toEqual([
      [
        { type: 'reasoning', text: 'hm', state: native },
        { ...text('Hi'), state: native },
        { ...call, state: native },
      ],
    ])
  })

  it('that stand on nothing stand alone, those of pictures behind them', () => {
    const inlineData = { mimeType: 'image/png', data: 'AAAA' }
    expect(
      partsOf(model({ text: '', thoughtSignature: 'c2ln' }, { inlineData, thoughtSignature: 'c2ln' })),
    ).toEqual([
      [
        { type: 'reasoning', text: '', state: native },
        { type: 'media', mediaType: 'image/png', data: 'AAAA' },
        { type: 'reasoning', text: '', state: native },
      ],
    ])
  })

  it('that Gemini CLI made up are none (its sentinel for what it never got)', () => {
    const thoughtSignature = 'skip_thought_signature_validator'
    expect(partsOf(model({ functionCall, thoughtSignature }, { text: '', thoughtSignature }))).toEqual([
      [call],
    ])
  })

  it('of another protocol, in our seal, are the state of the thoughts before what they rode on', () => {
    const encrypted = {
      protocol: 'openai-responses',
      model: 'gpt-5',
      kind: 'encrypted',
      data: 'gAAA',
    } as const
    const signed = {
      protocol: 'anthropic-messages',
      model: 'claude',
      kind: 'signature',
      data: 'Er8B',
    } as const
    expect(
      partsOf(
        model(
          { text: 'Plan.', thought: true },
          { functionCall, thoughtSignature: sealState(encrypted) },
          { text: 'hm', thought: true, thoughtSignature: sealState(signed) },
          { text: 'Hi' },
        ),
      ),
    ).toEqual([
      [
        { type: 'reasoning', text: 'Plan.', state: encrypted },
        call,
        { type: 'reasoning', text: 'hm', state: signed },
        text('Hi'),
      ],
    ])
  })
})

test('what the model made and ran: pictures, code in words, and the rest by name', () => {
  const ran = { executableCode: { language: 'PYTHON', code: 'print(1)' } }
  const toolCall = { toolCall: { toolType: 'GOOGLE_SEARCH_WEB', id: 'x' } }
  const file = { fileData: { fileUri: 'gs://b/o.png' } }
  expect(
    partsOf(
      model(
        { inlineData: { mimeType: 'IMAGE/PNG', data: 'AA-_' } },
        ran,
        { code_execution_result: { outcome: 'OUTCOME_OK', output: '1' } },
        toolCall,
        file,
        { thought: true, text: '' },
      ),
    ),
  ).toEqual([
    [
      { type: 'media', mediaType: 'image/png', data: 'AA+/' },
      text('\n```python\nprint(1)\n```\n'),
      { type: 'special', loss: 'server_tool_history', param: 'contents[0].parts[1]', raw: ran },
      text('\n```\n1\n```\n'),
      {
        ...{ type: 'special', loss: 'server_tool_history', param: 'contents[0].parts[2]' },
        raw: { code_execution_result: { outcome: 'OUTCOME_OK', output: '1' } },
      },
      { type: 'special', loss: 'server_tool_history', param: 'contents[0].parts[3]', raw: toolCall },
      { type: 'special', loss: 'file_id', param: 'contents[0].parts[4]', raw: file },
    ],
  ])
})

test('a part of the user that nobody knows is named', () => {
  const hologram = { hologram: { x: 1 } }
  expect(partsOf(user({ text: 'a' }, hologram, { text: '' }))).toEqual([
    [text('a'), { type: 'special', loss: 'other_content', param: 'contents[0].parts[1]', raw: hologram }],
  ])
})
