import { expect } from 'vitest'
import { answerSchema, type CaseName, pixel, question, results, system, weather, words } from '../cases.ts'
import { events, json, type MatrixBackend, type Received } from './backend.ts'

const base = { id: 'chatcmpl-9', created: 1_767_614_400, model: 'gpt-5-mini-2025-08-07' }
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }
const call = (index: number, city: string) => ({
  id: `call_${city.toLowerCase()}`,
  type: 'function',
  function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
  index,
})

interface Answer {
  message: Record<string, unknown>
  finish: string
  usage?: Record<string, unknown>
}

const answers: Readonly<Partial<Record<CaseName, Answer>>> = {
  text: {
    message: { content: words.text },
    finish: 'stop',
    usage: { ...usage, prompt_tokens_details: { cached_tokens: 4 } },
  },
  tools: { message: { content: null, tool_calls: [call(0, 'Paris')] }, finish: 'tool_calls' },
  'parallel tools': {
    message: { content: null, tool_calls: [call(0, 'Paris'), call(1, 'London')] },
    finish: 'tool_calls',
  },
  'multi-turn with results': { message: { content: words.multiTurn }, finish: 'stop' },
  image: { message: { content: words.image }, finish: 'stop' },
  reasoning: {
    message: { reasoning_content: words.thoughts, content: words.reasoned },
    finish: 'stop',
    usage: { ...usage, completion_tokens_details: { reasoning_tokens: 5 } },
  },
  'structured output': { message: { content: words.structured }, finish: 'stop' },
  'length stop': { message: { content: words.length }, finish: 'length' },
  refusal: { message: { content: null, refusal: words.refusal }, finish: 'stop' },
}

export const chatBackend: MatrixBackend = {
  protocol: 'openai-chat',
  type: 'openai',
  model: 'gpt-5-mini',
  answer(name, streams) {
    if (name === 'error before output') {
      const error = { message: words.slow, type: 'requests', param: null, code: 'rate_limit_exceeded' }
      return json(429, { error }, { 'retry-after': '7' })
    }
    if (name === 'error after output') {
      const error = { message: words.broken, type: 'server_error', param: null, code: null }
      return streams
        ? events([chunk({ role: 'assistant', content: words.beforeError }), data({ error })])
        : json(500, { error })
    }
    const { message, finish, usage: used = usage } = answers[name] as Answer
    if (streams) return events(streamOf(message, finish, used))
    const choice = {
      index: 0,
      message: { role: 'assistant', ...message },
      logprobs: null,
      finish_reason: finish,
    }
    return json(200, { ...base, object: 'chat.completion', choices: [choice], usage: used })
  },
  check(name, body) {
    expect(body.model).toBe('gpt-5-mini')
    const { messages } = body
    const [instruction, asked] = messages
    expect(['system', 'developer']).toContain(instruction.role)
    expect(textOf(instruction.content)).toBe(system)
    expect(textOf(asked.content)).toContain(question)
    if (name.includes('tool')) {
      expect(body.tools[0]).toMatchObject({
        type: 'function',
        function: { name: weather.name, description: weather.description, parameters: weather.schema },
      })
    }
    if (name === 'multi-turn with results') {
      const [turn, paris, london] = messages.slice(2)
      expect(
        turn.tool_calls.map((made: Received) => [
          made.id,
          made.function.name,
          JSON.parse(made.function.arguments),
        ]),
      ).toEqual([
        ['call_paris', 'get_weather', { city: 'Paris' }],
        ['call_london', 'get_weather', { city: 'London' }],
      ])
      expect([paris, london].map((made) => [made.role, made.tool_call_id, textOf(made.content)])).toEqual([
        ['tool', 'call_paris', results.paris],
        ['tool', 'call_london', results.london],
      ])
    }
    if (name === 'image') {
      expect(asked.content).toContainEqual(
        expect.objectContaining({
          type: 'image_url',
          image_url: expect.objectContaining({ url: `data:image/png;base64,${pixel}` }),
        }),
      )
    }
    if (name === 'reasoning') expect(body.reasoning_effort).toBe('medium')
    if (name === 'structured output') {
      expect(body.response_format).toMatchObject({
        type: 'json_schema',
        json_schema: { schema: answerSchema },
      })
    }
  },
}

function textOf(content: Received): string {
  return typeof content === 'string' ? content : content.map((part: Received) => part.text ?? '').join('')
}

function streamOf(message: Record<string, Received>, finish: string, used: object): string[] {
  const blocks = [chunk({ role: 'assistant', content: '' })]
  for (const key of ['reasoning_content', 'content', 'refusal']) {
    if (message[key]) blocks.push(...halves(message[key]).map((half) => chunk({ [key]: half })))
  }
  for (const { index, function: called, ...made } of message.tool_calls ?? []) {
    blocks.push(chunk({ tool_calls: [{ index, ...made, function: { name: called.name, arguments: '' } }] }))
    for (const half of halves(called.arguments)) {
      blocks.push(chunk({ tool_calls: [{ index, function: { arguments: half } }] }))
    }
  }
  const last = data({ ...base, object: 'chat.completion.chunk', choices: [], usage: used })
  return [...blocks, chunk({}, finish), last, 'data: [DONE]\n\n']
}

function chunk(delta: object, finish_reason: string | null = null): string {
  return data({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })
}

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

function halves(text: string): string[] {
  return [text.slice(0, text.length / 2), text.slice(text.length / 2)]
}
