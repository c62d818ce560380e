import { describe, expect, it, test } from 'vitest'
import type { AssistantPart, Message, ReasoningState, UserPart } from '../../../../src/core/call.ts'
import { contentsOf, encoded, hi, lossesOf } from './a-call.ts'

const text = (said: string) => ({ type: 'text' as const, text: said })
const system = (said: string): Message => ({ role: 'system', parts: [text(said)] })
const user = (...parts: UserPart[]): Message => ({ role: 'user', parts })
const model = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts })
const call = (id: string, state?: ReasoningState): AssistantPart => ({
  ...{ type: 'tool_call', id, name: 'f', arguments: '{"a":1}' },
  ...(state && { state }),
})
const result = (callId: string): UserPart => ({
  ...{ type: 'tool_result', callId, content: [text('ok')], isError: false },
})
const userHi = { role: 'user', parts: [{ text: 'hi' }] }
const functionCall = (id: string) => ({ id, name: 'f', args: { a: 1 } })
const response = (id: string) => ({ functionResponse: { id, name: 'f', response: { result: 'ok' } } })

test('roles alternate and the user begins', () => {
  expect(contentsOf([model(text('a')), hi, user(text('b')), model(text('c')), model(text('d'))])).toEqual([
    { role: 'user', parts: [{ text: '…' }] },
    { role: 'model', parts: [{ text: 'a' }] },
    { role: 'user', parts: [{ text: 'hi' }, { text: 'b' }] },
    { role: 'model', parts: [{ text: 'c' }, { text: 'd' }] },
  ])
})

test('instructions in the middle are words of the user in their place', () => {
  const request = encoded({ messages: [system('a'), hi, system('b'), model(text('c')), hi] })
  expect(request.body).toEqual({
    systemInstruction: { parts: [{ text: 'a' }] },
    contents: [
      { role: 'user', parts: [{ text: 'hi' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }] },
      userHi,
    ],
  })
  expect(lossesOf(request)).toEqual(['system_in_conversation'])
})

test('nothing but instructions is what the model is to answer', () => {
  const request = encoded({ messages: [system('a')] })
  expect(request.body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'a' }] }] })
  expect(lossesOf(request)).toEqual(['system_in_conversation'])
})

test('what the user can send', () => {
  const base64 = (mediaType: string) => ({ kind: 'base64' as const, mediaType, data: 'AAAA' })
  const inline = (mimeType: string) => ({ inlineData: { mimeType, data: 'AAAA' } })
  const request = encoded({
    messages: [
      user(
        { type: 'image', source: base64('image/png'), detail: 'high', cache: { ttl: '1h' } },
        { type: 'document', source: base64('application/pdf'), name: 'a.pdf' },
        { type: 'document', source: { kind: 'text', text: 'ü' } },
        { type: 'audio', source: base64('audio/wav') },
        { type: 'video', source: base64('video/mp4') },
        { type: 'special', loss: 'other_content', param: 'messages[0].content[5]', raw: {} },
        text(''),
      ),
    ],
  })
  expect(request.body.contents).toEqual([
    {
      role: 'user',
      parts: [
        ...[inline('image/png'), inline('application/pdf')],
        { inlineData: { mimeType: 'text/plain', data: 'w7w=' } },
        ...[inline('audio/wav'), inline('video/mp4')],
      ],
    },
  ])
  expect(lossesOf(request)).toEqual(['cache_control', 'image_detail', 'document_name', 'other_content'])
})

describe('what is somewhere else', () => {
  const at = (kind: 'image' | 'document' | 'audio' | 'video', url: string): UserPart => ({
    ...{ type: kind, source: { kind: 'url', url, mediaType: null } },
  })
  const third = 'gemini-3-flash-preview'

  it.each([
    ['image', 'https://example.com/a.png', 'image/png'],
    ['image', 'https://example.com/a.JPG?x', 'image/jpeg'],
    ['document', 'https://example.com/a.pdf', 'application/pdf'],
    ['audio', 'https://example.com/a.mp3', 'audio/mpeg'],
    ['video', 'https://example.com/a', undefined],
  ] as const)('Gemini 3 fetches itself: %s at %s', (kind, url, mimeType) => {
    expect(contentsOf([user(at(kind, url))], third)).toEqual([
      { role: 'user', parts: [{ fileData: { fileUri: url, ...(mimeType && { mimeType }) } }] },
    ])
    const older = encoded({ messages: [user(text('?'), at(kind, url))] })
    expect(lossesOf(older)).toEqual([`${kind}_url`])
  })

  it('everybody fetches from YouTube, and nobody without TLS', () => {
    const video = at('video', 'https://www.youtube.com/watch?v=1')
    expect(contentsOf([user(video)])).toEqual([
      { role: 'user', parts: [{ fileData: { fileUri: 'https://www.youtube.com/watch?v=1' } }] },
    ])
    expect(lossesOf(encoded({ messages: [user(at('image', 'http://example.com/a.png'))] }, third))).toEqual([
      'image_url',
    ])
  })

  it('at another provider cannot be reached', () => {
    const file: UserPart = { type: 'document', source: { kind: 'file', id: 'file-1' } }
    expect(lossesOf(encoded({ messages: [user(text('?'), file)] }, third))).toEqual(['file_id'])
  })
})

test('what the model has said and made', () => {
  const source = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const
  const request = encoded({
    messages: [
      hi,
      model(
        { type: 'refusal', text: 'No.' },
        { type: 'media', mediaType: 'image/png', data: 'AAAA' },
        { type: 'image', source },
        { type: 'special', loss: 'server_tool_history', param: 'x', raw: {} },
        { ...text(''), cache: { ttl: null } },
      ),
    ],
  })
  const inlineData = { mimeType: 'image/png', data: 'AAAA' }
  expect(request.body.contents).toEqual([
    userHi,
    { role: 'model', parts: [{ text: 'No.' }, { inlineData }, { inlineData }] },
  ])
  expect(lossesOf(request)).toEqual(['server_tool_history', 'cache_control'])
})

describe('calls and their results', () => {
  it('stand in turns of their own, results first', () => {
    const messages = [
      hi,
      model(text('ok'), call('a'), call('b')),
      user(result('b')),
      user(text('?'), result('a')),
    ]
    expect(contentsOf(messages)).toEqual([
      userHi,
      {
        role: 'model',
        parts: [{ text: 'ok' }, { functionCall: functionCall('a') }, { functionCall: functionCall('b') }],
      },
      { role: 'user', parts: [response('a'), response('b'), { text: '?' }] },
    ])
  })

  it('are named by the call that they answer, also where ids are used twice', () => {
    const named = (name: string): AssistantPart => ({ type: 'tool_call', id: 'c', name, arguments: '{}' })
    const messages = [hi, model(named('f')), user(result('c')), model(named('g')), user(result('c'))]
    const names = contentsOf(messages).flatMap(({ parts }) =>
      (parts as { functionResponse?: { name: string } }[]).flatMap(
        (part) => part.functionResponse?.name ?? [],
      ),
    )
    expect(names).toEqual(['f', 'g'])
  })

  it('of a tool with free text hold it as the one string', () => {
    const custom: AssistantPart = {
      type: 'tool_call',
      id: 'c',
      name: 'patch',
      arguments: 'a = 1',
      custom: true,
    }
    expect(contentsOf([hi, model(custom), user(result('c'))])[1]).toEqual({
      role: 'model',
      parts: [{ functionCall: { id: 'c', name: 'patch', args: { input: 'a = 1' } } }],
    })
  })
})

describe('thought signatures', () => {
  const native: ReasoningState = { protocol: 'gemini', model: null, kind: 'thought_signature', data: 'c2ln' }
  const parts = (messages: Message[], model?: string) => contentsOf(messages, model)[1]?.parts

  it('go back on the part that they came on, byte for byte', () => {
    const turn = model(
      { type: 'reasoning', text: 'hm', state: native },
      { ...text('Hi'), state: { ...native, model: 'gemini-2.5-flash' } },
      { type: 'reasoning', text: '', state: native },
      { ...text(''), state: native },
      call('a', native),
    )
    expect(parts([hi, turn, user(result('a'))])).toEqual([
      { text: 'hm', thought: true, thoughtSignature: 'c2ln' },
      { text: 'Hi', thoughtSignature: 'c2ln' },
      { text: '', thoughtSignature: 'c2ln' },
      { text: '', thoughtSignature: 'c2ln' },
      { functionCall: functionCall('a'), thoughtSignature: 'c2ln' },
    ])
  })

  it('of another model or provider are dropped, with the thoughts that they prove', () => {
    const claude: ReasoningState = {
      protocol: 'anthropic-messages',
      model: 'c',
      kind: 'signature',
      data: 'Er8B',
    }
    const turn = model(
      { type: 'reasoning', text: 'hm', state: claude },
      { type: 'reasoning', text: 'bare' },
      { ...text('Hi'), state: { ...native, model: 'gemini-2.5-pro' } },
    )
    const request = encoded({ messages: [hi, turn, hi] })
    expect((request.body.contents as { parts: unknown }[])[1]?.parts).toEqual([{ text: 'Hi' }])
    expect(lossesOf(request)).toEqual(['reasoning_state', 'reasoning_text'])
  })

  it('that are not there: Gemini 3 gets the word that its own client sends, once a turn', () => {
    const messages = [
      hi,
      model(call('a'), call('b')),
      user(result('a'), result('b')),
      model(call('c')),
      user(result('c')),
    ]
    const sentinel = { thoughtSignature: 'skip_thought_signature_validator' }
    const turns = contentsOf(messages, 'gemini-3-pro-preview').filter(({ role }) => role === 'model')
    expect(turns.map((turn) => turn.parts)).toEqual([
      [{ functionCall: functionCall('a'), ...sentinel }, { functionCall: functionCall('b') }],
      [{ functionCall: functionCall('c'), ...sentinel }],
    ])
    expect(parts([hi, model(call('a', native)), user(result('a'))], 'gemini-3-pro-preview')).toEqual([
      { functionCall: functionCall('a'), thoughtSignature: 'c2ln' },
    ])
    expect(JSON.stringify(contentsOf(messages))).not.toContain('thoughtSignature')
  })
})
