import { expect, test } from 'vitest'
import type { AssistantPart, Message, UserPart } from '../../../../src/core/call.ts'
import { encoded, lostOf } from './a-call.ts'

const says = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })
const answers = (text: string): Message => ({ role: 'assistant', parts: [{ type: 'text', text }] })
const instructs = (text: string): Message => ({ role: 'system', parts: [{ type: 'text', text }] })
const user = (...parts: UserPart[]): Message => ({ role: 'user', parts })
const model = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts })
const call = (id: string, name = 'f'): AssistantPart => ({
  type: 'tool_call',
  id,
  name,
  arguments: '{"x":1}',
})
const result = (callId: string, text: string): UserPart => ({
  type: 'tool_result',
  callId,
  content: [{ type: 'text', text }],
  isError: false,
})
const text = (words: string) => ({ type: 'text', text: words })

test('leading instructions are the system prompt', () => {
  const { body } = encoded({ messages: [instructs('Be brief.'), instructs('Be kind.'), says('Hi')] })
  expect(body.system).toEqual([text('Be brief.'), text('Be kind.')])
  expect(body.messages).toEqual([{ role: 'user', content: [text('Hi')] }])
})

test('neighbours of one role are one message', () => {
  const { body } = encoded({ messages: [says('a'), says('b'), answers('c'), answers('d'), says('e')] })
  expect(body.messages).toEqual([
    { role: 'user', content: [text('a'), text('b')] },
    { role: 'assistant', content: [text('c'), text('d')] },
    { role: 'user', content: [text('e')] },
  ])
})

test('rule 15: results of parallel calls come in one turn, before the words of the user', () => {
  const { body } = encoded({
    messages: [
      says('go'),
      model(call('call_1'), call('call_2')),
      user(result('call_1', 'one')),
      user({ type: 'text', text: 'and now?' }, result('call_2', 'two')),
    ],
  })
  expect(body.messages).toMatchObject([
    { role: 'user' },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'call_1', name: 'f', input: { x: 1 } },
        { type: 'tool_use', id: 'call_2', name: 'f', input: { x: 1 } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'call_1', content: 'one' },
        { type: 'tool_result', tool_use_id: 'call_2', content: 'two' },
        { type: 'text', text: 'and now?' },
      ],
    },
  ])
})

test('ids that do not fit are written otherwise, the same in call and result', () => {
  const { body } = encoded({
    messages: [says('go'), model(call('call:1/a')), user(result('call:1/a', 'one'))],
  })
  const messages = body.messages as { content: { id?: string; tool_use_id?: string }[] }[]
  const id = messages[1]?.content[0]?.id
  expect(id).toMatch(/^[a-zA-Z0-9_-]+$/)
  expect(messages[2]?.content[0]?.tool_use_id).toBe(id)
})

test('results hold images, and a failure without a word says that it failed', () => {
  const image: UserPart = { type: 'image', source: { kind: 'base64', mediaType: 'image/jpg', data: 'aGk=' } }
  const { body, lost } = encoded({
    messages: [
      says('go'),
      model(call('a'), call('b'), call('c')),
      user(
        { type: 'tool_result', callId: 'a', content: [{ type: 'text', text: 'see' }, image], isError: false },
        { type: 'tool_result', callId: 'b', content: [], isError: true },
        { type: 'tool_result', callId: 'c', content: [], isError: false },
      ),
    ],
  })
  expect((body.messages as object[])[2]).toEqual({
    role: 'user',
    content: [
      {
        type: 'tool_result',
        tool_use_id: 'a',
        content: [
          text('see'),
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'aGk=' } },
        ],
      },
      { type: 'tool_result', tool_use_id: 'b', content: 'failed', is_error: true },
      { type: 'tool_result', tool_use_id: 'c' },
    ],
  })
  expect(lost).toEqual([])
})

test('rule 4: texts without a word are left out, and turns of nothing else', () => {
  const { body } = encoded({ messages: [says('a'), answers(' \n'), says(''), says('b')] })
  expect(body.messages).toEqual([{ role: 'user', content: [text('a'), text('b')] }])
})

test('a conversation that the model begins gets a word of the user first', () => {
  const { body } = encoded({ messages: [answers('Hello, how can I help?'), says('Hi')] })
  expect(body.messages).toEqual([
    { role: 'user', content: [text('(The conversation begins with your words.)')] },
    { role: 'assistant', content: [text('Hello, how can I help?')] },
    { role: 'user', content: [text('Hi')] },
  ])
})

test('instructions alone are the system prompt of a conversation that begins', () => {
  const { body } = encoded({ messages: [instructs('Greet me.')] })
  expect(body).toMatchObject({ system: [text('Greet me.')], messages: [{ role: 'user' }] })
})

test('an answer that has begun goes without its last spaces where the model goes on with it', () => {
  const result = encoded({ messages: [says('Name a colour'), answers('It is \n')] })
  expect((result.body.messages as object[])[1]).toEqual({ role: 'assistant', content: [text('It is')] })
  expect(result.lost).toEqual([])
})

test.each(['claude-opus-4-8', 'claude-opus-5'])('%s is asked to go on by a word of the user', (name) => {
  const result = encoded({ messages: [says('Name a colour'), answers('It is')] }, name)
  expect(result.body.messages).toMatchObject([{}, { role: 'assistant' }, { role: 'user' }])
  expect(lostOf(result)).toEqual(['prefill'])
})

const later = [says('a'), answers('b'), says('c'), instructs('In French.'), answers('d'), says('e')]

test('instructions between the user and the model stay instructions where the model takes them', () => {
  const result = encoded({ messages: later }, 'claude-opus-4-8')
  expect((result.body.messages as object[])[3]).toEqual({ role: 'system', content: [text('In French.')] })
  expect(result.lost).toEqual([])
})

test('elsewhere they are words of the user, marked', () => {
  const result = encoded({ messages: later })
  expect((result.body.messages as object[])[2]).toEqual({
    role: 'user',
    content: [text('c'), text('<system-reminder>\nIn French.\n</system-reminder>')],
  })
  expect(lostOf(result)).toEqual(['system_in_conversation'])
})

test('instructions where no model takes them are words of the user, also two of them', () => {
  const messages = [says('a'), answers('b'), says('c'), instructs('One.'), instructs('Two.'), says('d')]
  const result = encoded({ messages }, 'claude-opus-4-8')
  expect((result.body.messages as object[])[2]).toEqual({
    role: 'user',
    content: [
      text('c'),
      text('<system-reminder>\nOne.\n</system-reminder>'),
      text('<system-reminder>\nTwo.\n</system-reminder>'),
      text('d'),
    ],
  })
  expect(lostOf(result)).toEqual(['system_in_conversation'])
})

test('documents: PDF, text in any dress, addresses; nothing else', () => {
  const document = (source: Extract<UserPart, { type: 'document' }>['source'], name?: string): UserPart => ({
    type: 'document',
    source,
    ...(name !== undefined && { name }),
  })
  const result = encoded({
    messages: [
      user(
        document({ kind: 'base64', mediaType: 'application/pdf', data: 'JVBERg==' }, 'a.pdf'),
        document({ kind: 'base64', mediaType: 'text/csv', data: 'YSxi' }),
        document({ kind: 'text', text: 'plain' }),
        document({ kind: 'url', url: 'https://example.com/a.pdf', mediaType: null }),
        document({ kind: 'base64', mediaType: 'image/png', data: 'aGk=' }),
        document({ kind: 'base64', mediaType: 'application/zip', data: 'UEs=' }),
        document({ kind: 'file', id: 'file-1' }),
      ),
    ],
  })
  expect((result.body.messages as object[])[0]).toEqual({
    role: 'user',
    content: [
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' },
        title: 'a.pdf',
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
    ],
  })
  expect(lostOf(result)).toEqual(['document_type', 'file_id'])
})

test('sound, film, uploads and the special are lost by name; so is how closely to look', () => {
  const result = encoded({
    messages: [
      user(
        { type: 'text', text: 'Hi' },
        { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
        { type: 'video', source: { kind: 'url', url: 'https://example.com/a.mp4', mediaType: null } },
        { type: 'image', source: { kind: 'file', id: 'file-1' } },
        {
          type: 'image',
          source: { kind: 'url', url: 'https://example.com/a.png', mediaType: null },
          detail: 'high',
        },
        { type: 'special', loss: 'other_content', param: 'input[0]', raw: {} },
      ),
    ],
  })
  expect((result.body.messages as { content: object[] }[])[0]?.content).toHaveLength(2)
  expect(lostOf(result)).toEqual(['audio_input', 'video_input', 'file_id', 'image_detail', 'other_content'])
})

test('rule 21: thoughts go back byte for byte to the model that had them, and to no other', () => {
  const thought = (from: string | null): AssistantPart => ({
    type: 'reasoning',
    text: 'hm\u00a0',
    state: { protocol: 'anthropic-messages', model: from, kind: 'signature', data: 'EuYB+/=' },
  })
  const redacted: AssistantPart = {
    type: 'reasoning',
    text: '',
    state: { protocol: 'anthropic-messages', model: null, kind: 'redacted', data: 'EqkE' },
  }
  const turn = (...parts: AssistantPart[]) => ({
    messages: [says('a'), model(...parts, { type: 'text', text: 'b' }), says('c')],
  })
  const own = encoded(turn(thought('claude-sonnet-4-5'), redacted))
  expect((own.body.messages as object[])[1]).toEqual({
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'hm\u00a0', signature: 'EuYB+/=' },
      { type: 'redacted_thinking', data: 'EqkE' },
      text('b'),
    ],
  })
  expect(own.lost).toEqual([])
  const other = encoded(turn(thought('claude-opus-4-5')))
  expect((other.body.messages as object[])[1]).toEqual({ role: 'assistant', content: [text('b')] })
  expect(lostOf(other)).toEqual(['reasoning_state', 'reasoning_text'])
})

test("others' thoughts and signatures are left out by name, never made up", () => {
  const state = {
    protocol: 'gemini',
    model: 'gemini-3-pro',
    kind: 'thought_signature',
    data: 'c2ln',
  } as const
  const out = encoded({
    messages: [
      says('a'),
      model(
        { type: 'reasoning', text: 'hm' },
        { type: 'tool_call', id: 'a', name: 'f', arguments: '{}', state },
      ),
      user(result('a', 'done')),
    ],
  })
  expect((out.body.messages as object[])[1]).toEqual({
    role: 'assistant',
    content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }],
  })
  expect(lostOf(out)).toEqual(['reasoning_text', 'reasoning_state'])
})

test("images of the model's own turns are shown to it in the turn of the user", () => {
  const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' }
  const out = encoded({
    messages: [
      says('Draw'),
      model({ type: 'text', text: 'Here' }, { type: 'media', mediaType: 'image/png', data: 'aGk=' }),
      says('Bigger'),
    ],
  })
  expect((out.body.messages as object[]).slice(1)).toEqual([
    { role: 'assistant', content: [text('Here')] },
    { role: 'user', content: [{ type: 'image', source }, text('Bigger')] },
  ])
  expect(lostOf(out)).toEqual(['assistant_image'])
})

test('of sound that the model made, what is spoken in it', () => {
  const spoken = { type: 'media' as const, mediaType: 'audio/wav', data: 'UklG', transcript: 'Hello' }
  const out = encoded({ messages: [says('Say hello'), model(spoken), says('Thanks')] })
  expect((out.body.messages as object[])[1]).toEqual({ role: 'assistant', content: [text('Hello')] })
  expect(lostOf(out)).toEqual(['audio_input'])
})

test('a refusal is what was said, and free text to a tool is the one string of an object', () => {
  const { body } = encoded({
    messages: [
      says('a'),
      model(
        { type: 'refusal', text: 'No.' },
        { type: 'tool_call', id: 'a', name: 'patch', arguments: '*** Begin', custom: true },
      ),
      user(result('a', 'ok')),
    ],
  })
  expect((body.messages as object[])[1]).toEqual({
    role: 'assistant',
    content: [text('No.'), { type: 'tool_use', id: 'a', name: 'patch', input: { input: '*** Begin' } }],
  })
})
