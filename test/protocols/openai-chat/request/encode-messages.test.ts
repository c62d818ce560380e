import { describe, expect, test } from 'vitest'
import type {
  AssistantPart,
  Message,
  ReasoningState,
  ToolResultPart,
  UserPart,
} from '../../../../src/core/call.ts'
import { arrayAt, type JsonObject, stringAt } from '../../../../src/core/json.ts'
import { encoded, lossesOf, messagesOf } from './a-call.ts'

const text = (words: string) => ({ type: 'text' as const, text: words })
const user = (...parts: UserPart[]): Message => ({ role: 'user', parts })
const model = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts })
const system = (words: string): Message => ({ role: 'system', parts: [text(words)] })
const call = (id: string, name = 'f'): AssistantPart => ({ type: 'tool_call', id, name, arguments: '{}' })
const result = (callId: string, ...content: ToolResultPart['content']): ToolResultPart => ({
  ...{ type: 'tool_result', callId, content, isError: false },
})
const png = { kind: 'base64', mediaType: 'image/png', data: 'iVBO' } as const
const pngPart = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }
const idsOf = (message: JsonObject | undefined) =>
  (arrayAt(message, 'tool_calls') ?? []).map((called) => stringAt(called, 'id'))
const toolCall = (id: string, name = 'f') => ({ id, type: 'function', function: { name, arguments: '{}' } })

test('the results of a turn stand right behind its calls, one message each, and the user behind them', () => {
  expect(
    messagesOf([
      user(text('weather?')),
      model(text('Let me see.'), call('a'), call('b', 'g')),
      user(text('hurry'), result('b', text('2'))),
      user(result('a', text('1'), text('one'))),
    ]),
  ).toEqual([
    { role: 'user', content: 'weather?' },
    { role: 'assistant', content: 'Let me see.', tool_calls: [toolCall('a'), toolCall('b', 'g')] },
    { role: 'tool', tool_call_id: 'a', content: '1\none' },
    { role: 'tool', tool_call_id: 'b', content: '2' },
    { role: 'user', content: 'hurry' },
  ])
})

test('pictures of tool results follow as the words of the user, after all tools have answered', () => {
  const turns = [
    user(text('look')),
    model(call('a'), call('b')),
    user(result('a', { type: 'image', source: png }), result('b', text('2')), text('Well?')),
  ]
  expect(messagesOf(turns).slice(2)).toEqual([
    { role: 'tool', tool_call_id: 'a', content: 'see the attachment below' },
    { role: 'tool', tool_call_id: 'b', content: '2' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Attached to the result of a:' },
        pngPart,
        { type: 'text', text: 'Well?' },
      ],
    },
  ])
})

test('a failed tool says so before its words', () => {
  const messages = [
    user(text('x')),
    model(call('a')),
    user({ ...result('a', text('no file')), isError: true }),
  ]
  expect(messagesOf(messages)[2]).toMatchObject({ role: 'tool', content: 'Error: no file' })
  expect(lossesOf(encoded({ messages }))).toEqual(['tool_result_error'])
})

test('ids that do not fit get the same short one in call and result', () => {
  const id = `toolu_${'x'.repeat(60)}`
  const [, called, answered] = messagesOf([user(text('x')), model(call(id)), user(result(id, text('1')))])
  const [short] = idsOf(called)
  expect(short).toMatch(/^call_[0-9a-f]{32}$/)
  expect(answered?.tool_call_id).toBe(short)
})

test.each<[string, UserPart, object | string]>([
  ['a text', text('a'), 'a'],
  [
    'a picture in itself',
    { type: 'image', source: png, detail: 'low' },
    [{ ...pngPart, image_url: { ...pngPart.image_url, detail: 'low' } }],
  ],
  [
    'a picture elsewhere',
    { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png', mediaType: null } },
    [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
  ],
  [
    'a PDF',
    { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' } },
    [{ type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBE' } }],
  ],
  [
    'a text as a document',
    { type: 'document', source: { kind: 'text', text: 'Once' }, name: 'tale.txt' },
    'tale.txt:\nOnce',
  ],
  [
    'a text as a file',
    { type: 'document', source: { kind: 'base64', mediaType: 'text/plain', data: 'T25jZQ==' } },
    'Once',
  ],
  [
    'sound',
    { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'UklG' } },
    [{ type: 'input_audio', input_audio: { data: 'UklG', format: 'mp3' } }],
  ],
])("a user's part: %s", (_what, part, content) => {
  expect(messagesOf([user(part)])).toEqual([{ role: 'user', content }])
})

test.each<[string, UserPart]>([
  [
    'document_url',
    { type: 'document', source: { kind: 'url', url: 'https://example.com/a', mediaType: null } },
  ],
  [
    'document_type',
    { type: 'document', source: { kind: 'base64', mediaType: 'application/msword', data: 'AA' } },
  ],
  ['file_id', { type: 'document', source: { kind: 'file', id: 'file_1' } }],
  ['file_id', { type: 'image', source: { kind: 'file', id: 'file_1' } }],
  ['file_id', { type: 'audio', source: { kind: 'file', id: 'file_1' } }],
  ['audio_url', { type: 'audio', source: { kind: 'url', url: 'https://example.com/a', mediaType: null } }],
  ['video_input', { type: 'video', source: { kind: 'url', url: 'https://example.com/a', mediaType: null } }],
  ['cache_control', { ...text('a'), cache: { ttl: null } }],
  ['other_content', { type: 'special', loss: 'other_content', param: 'messages[0]', raw: {} }],
])('%s is named where chat has no place for it', (loss, part) => {
  expect(lossesOf(encoded({ messages: [user(text('x'), part)] }))).toEqual([loss])
})

test('a film goes to those who take one', () => {
  const film: UserPart = { type: 'video', source: { kind: 'base64', mediaType: 'video/mp4', data: 'AAAA' } }
  expect(messagesOf([user(film)], { backendType: 'openrouter', model: 'm' })).toEqual([
    { role: 'user', content: [{ type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } }] },
  ])
})

test('pictures that the model made are shown to it in the next turn of the user', () => {
  const messages = [
    user(text('draw')),
    model(text('Here.'), { type: 'media', mediaType: 'image/png', data: 'iVBO' }),
    user(text('more')),
    model({ type: 'media', mediaType: 'audio/wav', data: 'UklG', transcript: 'Good day' }),
    user(text('thanks')),
    model({ type: 'image', source: png }),
  ]
  expect(messagesOf(messages)).toEqual([
    { role: 'user', content: 'draw' },
    { role: 'assistant', content: 'Here.' },
    { role: 'user', content: [pngPart, { type: 'text', text: 'more' }] },
    { role: 'assistant', content: 'Good day' },
    { role: 'user', content: 'thanks' },
    { role: 'user', content: [pngPart] },
  ])
  expect(lossesOf(encoded({ messages }))).toEqual(['assistant_image'])
})

test('a refusal has its field at OpenAI; others would refuse the key', () => {
  const messages = [user(text('x')), model({ type: 'refusal', text: 'No.' }), user(text('y'))]
  expect(messagesOf(messages)[1]).toEqual({ role: 'assistant', content: null, refusal: 'No.' })
  expect(messagesOf(messages, { backendType: 'groq', model: 'm' })[1]).toEqual({
    role: 'assistant',
    content: 'No.',
  })
})

describe('instructions', () => {
  const messages = [system('A'), system('B'), user(text('x')), model(text('y')), system('C'), user(text('z'))]

  test('stay where they are at OpenAI', () => {
    expect(messagesOf(messages).map(({ role, content }) => [role, content])).toEqual([
      ['system', 'A'],
      ['system', 'B'],
      ['user', 'x'],
      ['assistant', 'y'],
      ['system', 'C'],
      ['user', 'z'],
    ])
  })

  test.each(['vllm', 'llamacpp', 'lmstudio', 'ollama', 'mistral'])(
    'are one at the beginning for %s, and later ones words of the user',
    (backendType) => {
      const target = { backendType, model: 'qwen3.6-27b' }
      const content = messagesOf(messages, target).map(({ role, content }) => [role, content])
      expect(content.slice(0, 3)).toEqual([
        ['system', 'A\nB'],
        ['user', 'x'],
        ['assistant', 'y'],
      ])
      expect(content).toHaveLength(4)
      expect(JSON.stringify(content[3])).toMatch(/C.*z/)
      expect(lossesOf(encoded({ messages }, target))).toEqual(['system_in_conversation'])
    },
  )
})

test('several texts are a list where the provider takes one, else one text', () => {
  const turn = [user(text('a'), text('b'))]
  expect(messagesOf(turn)[0]?.content).toEqual([text('a'), text('b')])
  expect(messagesOf(turn, { backendType: 'deepseek', model: 'deepseek-chat' })[0]?.content).toBe('a\nb')
})

describe('the models of Mistral, whoever serves them', () => {
  const turns = [
    user(text('x')),
    model(call('toolu_01ABC'), call('abcDEF123')),
    user(result('toolu_01ABC', text('1')), result('abcDEF123', text('2')), text('and now?')),
  ]
  test.each([
    ['mistral', 'some-model'],
    ['openrouter', 'mistralai/mistral-small-2603'],
    ['vllm', 'Devstral-Small-2'],
  ])('want ids of nine letters and the model between tool and user: %s, %s', (backendType, name) => {
    const [, called, first, second, bridge, last] = messagesOf(turns, { backendType, model: name })
    const ids = idsOf(called)
    expect(ids[0]).toMatch(/^[0-9a-f]{9}$/)
    expect(ids[1]).toBe('abcDEF123')
    expect([first?.tool_call_id, second?.tool_call_id]).toEqual(ids)
    expect(bridge).toEqual({ role: 'assistant', content: '…' })
    expect(last).toMatchObject({ role: 'user' })
  })
})

describe('thoughts of earlier turns', () => {
  const signed: ReasoningState = {
    ...{ protocol: 'anthropic-messages', model: 'claude-sonnet-4-5', kind: 'signature', data: 's1' },
  }
  const thinking = (state?: ReasoningState): AssistantPart => ({
    ...{ type: 'reasoning', text: 'hm' },
    ...(state && { state }),
  })
  const turns = (state?: ReasoningState) => [
    user(text('x')),
    model(thinking(state), call('a')),
    user(result('a', text('1'))),
    model(text('done')),
    user(text('y')),
  ]

  test('stay away from OpenAI, and are named', () => {
    const lost = encoded({ messages: turns(signed) })
    expect(JSON.stringify(lost.body)).not.toMatch(/hm|reasoning|s1/)
    expect(lossesOf(lost)).toEqual(['reasoning_state', 'reasoning_text'])
  })

  test('go back to DeepSeek, which wants them in every turn once a tool was called', () => {
    const target = { backendType: 'deepseek', model: 'deepseek-chat' }
    const [, called, , done] = messagesOf(turns(), target)
    expect(called?.reasoning_content).toBe('hm')
    expect(done?.reasoning_content).toBe('')
    expect(encoded({ messages: turns() }, target).lost).toEqual([])
    const plain = encoded(
      { messages: [user(text('x')), model(thinking(), text('y')), user(text('z'))] },
      target,
    )
    expect(JSON.stringify(plain.body)).not.toContain('reasoning_content')
    expect(lossesOf(plain)).toEqual(['reasoning_text'])
  })

  test('go back to OpenRouter as the details that it gave, but only its own and only to the same model', () => {
    const details = [{ type: 'reasoning.text', text: 'hm', signature: 'EqRk', index: 0 }]
    const state = (name: string | null): ReasoningState => ({
      ...{ protocol: 'openai-chat', model: name, kind: 'encrypted', data: JSON.stringify(details) },
    })
    const target = { backendType: 'openrouter', model: 'anthropic/claude-sonnet-4-5' }
    for (const name of [null, target.model]) {
      const [, called] = messagesOf(turns(state(name)), target)
      expect(called?.reasoning_details).toEqual(details)
    }
    for (const other of [state('z-ai/glm-5'), signed]) {
      const result = encoded({ messages: turns(other) }, target)
      expect(JSON.stringify(result.body)).not.toContain('reasoning_details')
      expect(lossesOf(result)).toEqual(['reasoning_state', 'reasoning_text'])
    }
  })

  test('of Gemini 3 go back where Google puts them, but to no other model', () => {
    const state: ReasoningState = {
      ...{ protocol: 'gemini', model: 'gemini-3-pro', kind: 'thought_signature', data: 'CiQB' },
    }
    const messages = [
      user(text('x')),
      model({ ...text('Look:'), state }, { type: 'tool_call', id: 'a', name: 'f', arguments: '{}', state }),
      user(result('a', text('1'))),
    ]
    const extra_content = { google: { thought_signature: 'CiQB' } }
    expect(messagesOf(messages, { model: 'gemini-3-pro' })[1]).toEqual({
      role: 'assistant',
      content: 'Look:',
      extra_content,
      tool_calls: [{ ...toolCall('a'), extra_content }],
    })
    expect(lossesOf(encoded({ messages }, { model: 'gpt-5' }))).toEqual(['reasoning_state'])
    const ownedByNobody = { ...state, model: null }
    const native = [user(text('x')), model({ ...text('Look'), state: ownedByNobody }), user(text('y'))]
    expect(JSON.stringify(messagesOf(native, { model: 'gpt-5' }))).not.toContain('CiQB')
    expect(JSON.stringify(messagesOf(native, { model: 'google/gemini-3-flash' }))).toContain('CiQB')
  })
})

test('free text that the model wrote for a custom tool goes back in the form in which the tool is offered', () => {
  const wrote: AssistantPart = {
    type: 'tool_call',
    id: 'a',
    name: 'sql',
    arguments: 'SELECT "1"',
    custom: true,
  }
  const turns = [user(text('x')), model(wrote), user(result('a', text('1')))]
  expect(messagesOf(turns)[1]?.tool_calls).toEqual([
    { id: 'a', type: 'custom', custom: { name: 'sql', input: 'SELECT "1"' } },
  ])
  expect(messagesOf(turns, { backendType: 'groq', model: 'm' })[1]?.tool_calls).toEqual([
    { id: 'a', type: 'function', function: { name: 'sql', arguments: '{"input":"SELECT \\"1\\""}' } },
  ])
})

test("where the prompt may be cached is told to OpenRouter, which takes Anthropic's marks", () => {
  const messages: Message[] = [
    { role: 'system', parts: [text('A'), { ...text('B'), cache: { ttl: '1h' } }] },
    user({ ...text('x'), cache: { ttl: null } }),
  ]
  expect(messagesOf(messages, { backendType: 'openrouter', model: 'anthropic/claude-opus-4-6' })).toEqual([
    {
      role: 'system',
      content: [text('A'), { ...text('B'), cache_control: { type: 'ephemeral', ttl: '1h' } }],
    },
    { role: 'user', content: [{ ...text('x'), cache_control: { type: 'ephemeral' } }] },
  ])
  expect(messagesOf(messages).map(({ content }) => content)).toEqual(['A\nB', 'x'])
  expect(lossesOf(encoded({ messages }))).toEqual(['cache_control'])
})
