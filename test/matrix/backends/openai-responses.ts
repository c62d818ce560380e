import { expect } from 'vitest'
import { answerSchema, type CaseName, pixel, question, results, system, weather, words } from '../cases.ts'
import { events, json, type MatrixBackend, type Received } from './backend.ts'

const base = { id: 'resp_9', object: 'response', created_at: 1_767_614_400, model: 'gpt-5-mini-2025-08-07' }
const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18 }
const call = (city: string) => ({
  id: `fc_${city}`,
  type: 'function_call',
  status: 'completed',
  call_id: `call_${city.toLowerCase()}`,
  name: 'get_weather',
  arguments: JSON.stringify({ city }),
})
const message = (part: object) => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [part],
})
const text = (said: string) => message({ type: 'output_text', text: said, annotations: [] })

interface Answer {
  output: Record<string, Received>[]
  usage?: Record<string, unknown>
  incomplete?: string
}

const answers: Readonly<Partial<Record<CaseName, Answer>>> = {
  text: { output: [text(words.text)], usage: { ...usage, input_tokens_details: { cached_tokens: 4 } } },
  tools: { output: [call('Paris')] },
  'parallel tools': { output: [call('Paris'), call('London')] },
  'multi-turn with results': { output: [text(words.multiTurn)] },
  image: { output: [text(words.image)] },
  reasoning: {
    output: [
      {
        id: 'rs_1',
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: words.thoughts }],
        encrypted_content: 'gAAAAABo',
      },
      text(words.reasoned),
    ],
    usage: { ...usage, output_tokens_details: { reasoning_tokens: 5 } },
  },
  'structured output': { output: [text(words.structured)] },
  'length stop': { output: [text(words.length)], incomplete: 'max_output_tokens' },
  refusal: { output: [message({ type: 'refusal', refusal: words.refusal })] },
}

export const responsesBackend: MatrixBackend = {
  protocol: 'openai-responses',
  type: 'openai',
  model: 'gpt-5-mini',
  answer(name, streams) {
    if (name === 'error before output') {
      const error = { message: words.slow, type: 'requests', param: null, code: 'rate_limit_exceeded' }
      return json(429, { error }, { 'retry-after': '7' })
    }
    if (name === 'error after output') {
      const said = { message: words.broken, param: null, code: 'server_error' }
      const error = { ...said, type: 'server_error' }
      if (!streams) return json(500, { error })
      const writer = new Writer()
      const begun = [...writer.opening(), ...writer.item(text(words.beforeError), 0).slice(0, 4)]
      return events([...begun, writer.event('error', { ...said, error })])
    }
    const { output, usage: used = usage, incomplete } = answers[name] as Answer
    const status = incomplete ? 'incomplete' : 'completed'
    const incomplete_details = incomplete ? { reason: incomplete } : null
    const response = { ...base, status, error: null, incomplete_details, output, usage: used }
    if (!streams) return json(200, response)
    const writer = new Writer()
    return events([
      ...writer.opening(),
      ...output.flatMap((item, index) => writer.item(item, index)),
      writer.event(`response.${status}`, { response }),
    ])
  },
  check(name, body) {
    expect(body.model).toBe('gpt-5-mini')
    const input: Received[] = body.instructions
      ? [{ role: 'system', content: body.instructions }, ...itemsOf(body.input)]
      : itemsOf(body.input)
    const [instruction, asked, ...rest] = input
    expect(['system', 'developer']).toContain(instruction.role)
    expect(textOf(instruction.content)).toBe(system)
    expect(textOf(asked.content)).toContain(question)
    if (name.includes('tool')) {
      expect(body.tools[0]).toMatchObject({
        ...{ type: 'function', name: weather.name, description: weather.description },
        parameters: weather.schema,
      })
    }
    if (name === 'multi-turn with results') {
      const calls = rest.filter((item) => item.type === 'function_call')
      expect(calls.map((made) => [made.call_id, made.name, JSON.parse(made.arguments)])).toEqual([
        ['call_paris', 'get_weather', { city: 'Paris' }],
        ['call_london', 'get_weather', { city: 'London' }],
      ])
      const outputs = rest.filter((item) => item.type === 'function_call_output')
      expect(outputs.map((made) => [made.call_id, made.output])).toEqual([
        ['call_paris', results.paris],
        ['call_london', results.london],
      ])
    }
    if (name === 'image') {
      expect(asked.content).toContainEqual(
        expect.objectContaining({ type: 'input_image', image_url: `data:image/png;base64,${pixel}` }),
      )
    }
    if (name === 'reasoning') expect(body.reasoning).toMatchObject({ effort: 'medium', summary: 'auto' })
    if (name === 'structured output') {
      expect(body.text.format).toMatchObject({ type: 'json_schema', schema: answerSchema })
    }
  },
}

function itemsOf(input: Received): Received[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input
}

function textOf(content: Received): string {
  return typeof content === 'string' ? content : content.map((part: Received) => part.text ?? '').join('')
}

class Writer {
  #number = 0

  event(type: string, members: object): string {
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.#number++, ...members })}\n\n`
  }

  opening(): string[] {
    const response = { ...base, status: 'in_progress', error: null, output: [], usage: null }
    return [this.event('response.created', { response }), this.event('response.in_progress', { response })]
  }

  item(item: Record<string, Received>, output_index: number): string[] {
    const place = { item_id: item.id, output_index }
    const bare = { message: { content: [] }, function_call: { arguments: '' }, reasoning: { summary: [] } }
    const started = { ...item, ...bare[item.type as keyof typeof bare] }
    const { encrypted_content: _state, ...added } = started as Record<string, unknown>
    return [
      this.event('response.output_item.added', { output_index, item: added }),
      ...this.#content(item, place),
      this.event('response.output_item.done', { output_index, item }),
    ]
  }

  #content(item: Record<string, Received>, place: object): string[] {
    if (item.type === 'function_call') {
      return [
        ...halves(item.arguments).map((delta) =>
          this.event('response.function_call_arguments.delta', { ...place, delta }),
        ),
        this.event('response.function_call_arguments.done', { ...place, arguments: item.arguments }),
      ]
    }
    if (item.type === 'reasoning') {
      const at = { ...place, summary_index: 0 }
      const [part] = item.summary
      return [
        this.event('response.reasoning_summary_part.added', {
          ...at,
          part: { type: 'summary_text', text: '' },
        }),
        ...halves(part.text).map((delta) =>
          this.event('response.reasoning_summary_text.delta', { ...at, delta }),
        ),
        this.event('response.reasoning_summary_text.done', { ...at, text: part.text }),
        this.event('response.reasoning_summary_part.done', { ...at, part }),
      ]
    }
    const at = { ...place, content_index: 0 }
    const [part] = item.content
    const isRefusal = part.type === 'refusal'
    const said = isRefusal ? part.refusal : part.text
    const kind = isRefusal ? 'refusal' : 'output_text'
    const empty = isRefusal ? { type: 'refusal', refusal: '' } : { ...part, text: '' }
    return [
      this.event('response.content_part.added', { ...at, part: empty }),
      ...halves(said).map((delta) => this.event(`response.${kind}.delta`, { ...at, delta, logprobs: [] })),
      this.event(`response.${kind}.done`, { ...at, [isRefusal ? 'refusal' : 'text']: said, logprobs: [] }),
      this.event('response.content_part.done', { ...at, part }),
    ]
  }
}

function halves(said: string): string[] {
  return [said.slice(0, said.length / 2), said.slice(said.length / 2)]
}
