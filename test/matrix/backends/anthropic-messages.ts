import { expect } from 'vitest'
import { answerSchema, type CaseName, pixel, question, results, system, weather, words } from '../cases.ts'
import { events, json, type MatrixBackend, type Received } from './backend.ts'

const base = { id: 'msg_9', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5-20250929' }
const usage = { input_tokens: 11, output_tokens: 7 }
const call = (city: string) => ({
  type: 'tool_use',
  id: `toolu_${city}`,
  name: 'get_weather',
  input: { city },
})
const text = (said: string) => ({ type: 'text', text: said })

interface Answer {
  content: Record<string, Received>[]
  stop: string
  usage?: Record<string, unknown>
}

const answers: Readonly<Partial<Record<CaseName, Answer>>> = {
  text: {
    content: [text(words.text)],
    stop: 'end_turn',
    usage: { input_tokens: 7, cache_read_input_tokens: 4, cache_creation_input_tokens: 0, output_tokens: 7 },
  },
  tools: { content: [call('Paris')], stop: 'tool_use' },
  'parallel tools': { content: [call('Paris'), call('London')], stop: 'tool_use' },
  'multi-turn with results': { content: [text(words.multiTurn)], stop: 'end_turn' },
  image: { content: [text(words.image)], stop: 'end_turn' },
  reasoning: {
    content: [
      { type: 'thinking', thinking: words.thoughts, signature: 'EqQBCkYIBxgC' },
      text(words.reasoned),
    ],
    stop: 'end_turn',
    usage: { ...usage, output_tokens_details: { thinking_tokens: 5 } },
  },
  'structured output': { content: [text(words.structured)], stop: 'end_turn' },
  'length stop': { content: [text(words.length)], stop: 'max_tokens' },
  refusal: { content: [text(words.refusal)], stop: 'refusal' },
}

export const messagesBackend: MatrixBackend = {
  protocol: 'anthropic-messages',
  type: 'anthropic',
  model: 'claude-sonnet-4-5',
  answer(name, streams) {
    if (name === 'error before output') {
      return json(
        429,
        { type: 'error', error: { type: 'rate_limit_error', message: words.slow } },
        { 'retry-after': '7' },
      )
    }
    if (name === 'error after output') {
      const error = { type: 'error', error: { type: 'api_error', message: words.broken } }
      if (!streams) return json(500, error)
      return events([...opening(), ...textBlock(0, words.beforeError).slice(0, -1), block('error', error)])
    }
    const { content, stop, usage: used = usage } = answers[name] as Answer
    if (!streams) return json(200, { ...base, content, stop_reason: stop, stop_sequence: null, usage: used })
    return events([
      ...opening(used),
      ...content.flatMap((part, index) => blockOf(part, index)),
      block('message_delta', {
        delta: { stop_reason: stop, stop_sequence: null },
        usage: used,
      }),
      block('message_stop', {}),
    ])
  },
  check(name, body) {
    expect(body.model).toBe('claude-sonnet-4-5')
    expect(body.max_tokens).toBeGreaterThan(0)
    expect(textOf(body.system)).toBe(system)
    const [asked, turn, answered] = body.messages
    expect(asked.role).toBe('user')
    expect(textOf(asked.content)).toContain(question)
    if (name.includes('tool')) {
      expect(body.tools[0]).toMatchObject({
        name: weather.name,
        description: weather.description,
        input_schema: weather.schema,
      })
    }
    if (name === 'multi-turn with results') {
      expect(turn.content.filter((part: Received) => part.type === 'tool_use')).toEqual([
        { type: 'tool_use', id: 'call_paris', name: 'get_weather', input: { city: 'Paris' } },
        { type: 'tool_use', id: 'call_london', name: 'get_weather', input: { city: 'London' } },
      ])
      expect(answered.role).toBe('user')
      expect(
        answered.content.map((part: Received) => [part.type, part.tool_use_id, textOf(part.content)]),
      ).toEqual([
        ['tool_result', 'call_paris', results.paris],
        ['tool_result', 'call_london', results.london],
      ])
    }
    if (name === 'image') {
      expect(asked.content).toContainEqual({
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: pixel },
      })
    }
    if (name === 'reasoning') {
      expect(body.thinking).toMatchObject({ type: 'enabled', budget_tokens: 8192 })
      expect(body.max_tokens).toBeGreaterThan(8192)
    }
    if (name === 'structured output') {
      expect(body.output_config).toMatchObject({ format: { type: 'json_schema', schema: answerSchema } })
    }
  },
}

function textOf(content: Received): string {
  return typeof content === 'string' ? content : content.map((part: Received) => part.text ?? '').join('')
}

function opening(used: Record<string, unknown> = usage): string[] {
  const message = {
    ...base,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...used, output_tokens: 1 },
  }
  return [block('message_start', { message }), block('ping', {})]
}

function textBlock(index: number, said: string): string[] {
  return [
    block('content_block_start', { index, content_block: { type: 'text', text: '' } }),
    ...halves(said).map((half) =>
      block('content_block_delta', { index, delta: { type: 'text_delta', text: half } }),
    ),
    block('content_block_stop', { index }),
  ]
}

function blockOf(part: Record<string, Received>, index: number): string[] {
  const stop = block('content_block_stop', { index })
  const delta = (made: object) => block('content_block_delta', { index, delta: made })
  if (part.type === 'text') return textBlock(index, part.text)
  if (part.type === 'thinking') {
    return [
      block('content_block_start', {
        index,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      }),
      ...halves(part.thinking).map((half) => delta({ type: 'thinking_delta', thinking: half })),
      delta({ type: 'signature_delta', signature: part.signature }),
      stop,
    ]
  }
  return [
    block('content_block_start', { index, content_block: { ...part, input: {} } }),
    delta({ type: 'input_json_delta', partial_json: '' }),
    ...halves(JSON.stringify(part.input)).map((half) =>
      delta({ type: 'input_json_delta', partial_json: half }),
    ),
    stop,
  ]
}

function block(type: string, members: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`
}

function halves(said: string): string[] {
  return [said.slice(0, said.length / 2), said.slice(said.length / 2)]
}
