import Anthropic from '@anthropic-ai/sdk'
import type { Message, MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages'
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
import { type MatrixClient, nothing } from './client.ts'

type Request = Omit<MessageCreateParamsNonStreaming, 'model'>

const asked = { role: 'user' as const, content: question }
const tools: NonNullable<Request['tools']> = [
  {
    name: weather.name,
    description: weather.description,
    input_schema: { ...weather.schema, type: 'object' },
  },
]
const call = (city: string) => ({
  type: 'tool_use' as const,
  id: `call_${city.toLowerCase()}`,
  name: 'get_weather',
  input: { city },
})
const result = (city: string, content: string) => ({
  type: 'tool_result' as const,
  tool_use_id: `call_${city.toLowerCase()}`,
  content,
})

function requestOf(name: CaseName): Request {
  const plain: Request = { system, max_tokens: 1000, messages: [asked] }
  if (name === 'tools' || name === 'parallel tools') return { ...plain, tools }
  if (name === 'multi-turn with results') {
    return {
      ...plain,
      tools,
      messages: [
        asked,
        { role: 'assistant', content: [call('Paris'), call('London')] },
        { role: 'user', content: [result('Paris', results.paris), result('London', results.london)] },
      ],
    }
  }
  if (name === 'image') {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: pixel }
    const content = [
      { type: 'text' as const, text: question },
      { type: 'image' as const, source },
    ]
    return { ...plain, messages: [{ role: 'user', content }] }
  }
  if (name === 'reasoning') {
    return { ...plain, max_tokens: 16_000, thinking: { type: 'enabled', budget_tokens: 8192 } }
  }
  if (name === 'structured output') {
    return { ...plain, output_config: { format: { type: 'json_schema', schema: answerSchema } } }
  }
  return plain
}

export const messagesClient: MatrixClient = {
  protocol: 'anthropic-messages',
  async ask(name, { url, model, streams }) {
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'sk-ant-client', maxRetries: 0 })
    const request = { ...requestOf(name), model }
    let said = ''
    try {
      if (!streams) return factsOf(await anthropic.messages.create({ ...request, stream: false }))
      const stream = anthropic.messages.stream(request)
      stream.on('text', (text) => {
        said += text
      })
      return factsOf(await stream.finalMessage())
    } catch (thrown) {
      return { ...nothing, said, error: failure(thrown) }
    }
  },
}

/** The SDK's message is the whole body; the provider's words are in it. */
function failure(thrown: unknown): NonNullable<Facts['error']> {
  const { status, message, error } = thrown as {
    status?: number
    message: string
    error?: { error?: { message?: string } }
  }
  return { status: status ?? null, message: error?.error?.message ?? message }
}

const stops: Readonly<Record<string, Facts['stop']>> = {
  end_turn: 'stop',
  tool_use: 'tool',
  max_tokens: 'length',
  refusal: 'filter',
}

function factsOf({ content, stop_reason, usage }: Message): Facts {
  const facts: Facts = { ...nothing, calls: [], stop: stops[stop_reason ?? ''] ?? null }
  for (const block of content) {
    if (block.type === 'text') facts.said += block.text
    if (block.type === 'thinking') facts.reasoning += block.thinking
    if (block.type === 'tool_use') facts.calls.push({ name: block.name, arguments: block.input })
  }
  const cached = usage.cache_read_input_tokens ?? 0
  const details = usage as { output_tokens_details?: { thinking_tokens?: number } }
  return {
    ...facts,
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      cached,
      reasoning: details.output_tokens_details?.thinking_tokens ?? 0,
    },
  }
}
