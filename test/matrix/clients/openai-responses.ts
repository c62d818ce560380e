import OpenAI from 'openai'
import type { Response, ResponseCreateParamsBase } from 'openai/resources/responses/responses'
import {
  answerSchema,
  type CaseName,
  type Facts,
  pixel,
  question,
  results,
  system,
  weather,
} from '../cases.ts'
import { failure, type MatrixClient, nothing } from './client.ts'

type Request = Omit<ResponseCreateParamsBase, 'model' | 'stream'>

const asked = { role: 'user' as const, content: question }
const tools: NonNullable<Request['tools']> = [
  {
    type: 'function',
    name: weather.name,
    description: weather.description,
    parameters: weather.schema,
    strict: false,
  },
]
const call = (city: string) => ({
  type: 'function_call' as const,
  call_id: `call_${city.toLowerCase()}`,
  name: 'get_weather',
  arguments: JSON.stringify({ city }),
})
const result = (city: string, output: string) => ({
  type: 'function_call_output' as const,
  call_id: `call_${city.toLowerCase()}`,
  output,
})

function requestOf(name: CaseName): Request {
  const plain: Request = { instructions: system, input: [asked], store: false }
  if (name === 'tools' || name === 'parallel tools') return { ...plain, tools }
  if (name === 'multi-turn with results') {
    const turn = [
      call('Paris'),
      call('London'),
      result('Paris', results.paris),
      result('London', results.london),
    ]
    return { ...plain, tools, input: [asked, ...turn] }
  }
  if (name === 'image') {
    const image_url = `data:image/png;base64,${pixel}`
    const content = [
      { type: 'input_text' as const, text: question },
      { type: 'input_image' as const, image_url, detail: 'auto' as const },
    ]
    return { ...plain, input: [{ role: 'user', content }] }
  }
  if (name === 'reasoning') return { ...plain, reasoning: { effort: 'medium', summary: 'auto' } }
  if (name === 'structured output') {
    return {
      ...plain,
      text: { format: { type: 'json_schema', name: 'city', schema: answerSchema, strict: true } },
    }
  }
  return plain
}

export const responsesClient: MatrixClient = {
  protocol: 'openai-responses',
  async ask(name, { url, model, streams }) {
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-client', maxRetries: 0 })
    const request = { ...requestOf(name), model }
    let said = ''
    try {
      if (!streams) return factsOf(await openai.responses.create({ ...request, stream: false }))
      // The helper throws on events that it does not know, and on holes.
      const stream = openai.responses.stream(request)
      stream.on('response.output_text.delta', ({ delta }) => {
        said += delta
      })
      return factsOf(await stream.finalResponse())
    } catch (thrown) {
      return { ...nothing, said, error: failure(thrown) }
    }
  },
}

function factsOf(response: Response): Facts {
  const facts: Facts = { ...nothing, calls: [], stop: 'stop', usage: usageOf(response.usage) }
  for (const item of response.output) {
    if (item.type === 'reasoning') facts.reasoning += item.summary.map(({ text }) => text).join('')
    if (item.type === 'function_call') {
      facts.calls.push({ name: item.name, arguments: JSON.parse(item.arguments) })
      facts.stop = 'tool'
    }
    if (item.type !== 'message') continue
    for (const part of item.content) {
      facts.said += part.type === 'refusal' ? part.refusal : part.text
      if (part.type === 'refusal') facts.stop = 'filter'
    }
  }
  const reason = response.incomplete_details?.reason
  if (reason) facts.stop = reason === 'max_output_tokens' ? 'length' : 'filter'
  return facts
}

function usageOf(usage: Response['usage']): Facts['usage'] {
  if (!usage) return null
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cached: usage.input_tokens_details?.cached_tokens ?? 0,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
  }
}
