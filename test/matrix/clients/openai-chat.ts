import OpenAI from 'openai'
import type {
  ChatCompletion,
  ChatCompletionCreateParamsBase,
} from 'openai/resources/chat/completions/completions'
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

type Request = Omit<ChatCompletionCreateParamsBase, 'model' | 'stream'>

const instruction = { role: 'system' as const, content: system }
const asked = { role: 'user' as const, content: question }
const tools: NonNullable<Request['tools']> = [
  {
    type: 'function',
    function: { name: weather.name, description: weather.description, parameters: weather.schema },
  },
]
const call = (city: string) => ({
  id: `call_${city.toLowerCase()}`,
  type: 'function' as const,
  function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
})

function requestOf(name: CaseName): Request {
  const messages = [instruction, asked]
  if (name === 'tools' || name === 'parallel tools') return { messages, tools }
  if (name === 'multi-turn with results') {
    return {
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [call('Paris'), call('London')] },
        { role: 'tool', tool_call_id: 'call_paris', content: results.paris },
        { role: 'tool', tool_call_id: 'call_london', content: results.london },
      ],
    }
  }
  if (name === 'image') {
    const image_url = { url: `data:image/png;base64,${pixel}` }
    const content = [
      { type: 'text' as const, text: question },
      { type: 'image_url' as const, image_url },
    ]
    return { messages: [instruction, { role: 'user', content }] }
  }
  if (name === 'reasoning') return { messages, reasoning_effort: 'medium' }
  if (name === 'structured output') {
    const json_schema = { name: 'city', schema: answerSchema, strict: true }
    return { messages, response_format: { type: 'json_schema', json_schema } }
  }
  return { messages }
}

export const chatClient: MatrixClient = {
  protocol: 'openai-chat',
  async ask(name, { url, model, streams }) {
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-client', maxRetries: 0 })
    const request = { ...requestOf(name), model }
    let read = nothing
    try {
      if (!streams) return factsOf(await openai.chat.completions.create({ ...request, stream: false }))
      const stream = await openai.chat.completions.create({
        ...request,
        stream: true,
        stream_options: { include_usage: true },
      })
      const calls: { name: string; text: string }[] = []
      for await (const { choices, usage } of stream) {
        read = { ...read, usage: usageOf(usage) ?? read.usage }
        const [choice] = choices
        if (!choice) continue
        const delta = choice.delta as typeof choice.delta & { reasoning_content?: string }
        for (const piece of delta.tool_calls ?? []) {
          const known = calls[piece.index] ?? { name: '', text: '' }
          calls[piece.index] = {
            name: known.name + (piece.function?.name ?? ''),
            text: known.text + (piece.function?.arguments ?? ''),
          }
        }
        read = {
          ...read,
          said: read.said + (delta.content ?? '') + (delta.refusal ?? ''),
          reasoning: read.reasoning + (delta.reasoning_content ?? ''),
          stop: stopOf(choice.finish_reason, delta.refusal) ?? read.stop,
        }
        if (delta.refusal) refused.add(stream)
      }
      const made = calls.map(({ name: called, text }) => ({ name: called, arguments: JSON.parse(text) }))
      return { ...read, calls: made, stop: refused.has(stream) ? 'filter' : read.stop }
    } catch (thrown) {
      return { ...read, usage: null, stop: null, error: failure(thrown) }
    }
  },
}

const refused = new WeakSet<object>()

function factsOf({ choices, usage }: ChatCompletion): Facts {
  const [choice] = choices
  if (!choice) return nothing
  const message = choice.message as typeof choice.message & { reasoning_content?: string }
  return {
    said: (message.content ?? '') + (message.refusal ?? ''),
    reasoning: message.reasoning_content ?? '',
    calls: (message.tool_calls ?? []).flatMap((made) =>
      made.type === 'function'
        ? [{ name: made.function.name, arguments: JSON.parse(made.function.arguments) }]
        : [],
    ),
    stop: stopOf(choice.finish_reason, message.refusal),
    usage: usageOf(usage),
    error: null,
  }
}

function stopOf(reason: string | null, refusal: string | null | undefined): Facts['stop'] {
  if (reason === null) return null
  if (reason === 'content_filter' || refusal) return 'filter'
  return reason === 'tool_calls' ? 'tool' : (reason as Facts['stop'])
}

function usageOf(usage: ChatCompletion['usage'] | null): Facts['usage'] {
  if (!usage) return null
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  }
}
