import Anthropic from '@anthropic-ai/sdk'
import {
  anthropicAnswer,
  anthropicAnswerBody,
  anthropicError,
  anthropicErrorFrame,
  anthropicFrames,
  anthropicStream,
  paced,
  stall,
  streamHead,
} from '../support/fake-provider.ts'
import { noteEvents } from './named-events.ts'
import {
  answerText,
  greeting,
  requestIdOf,
  type SdkCalls,
  type Surface,
  textPieces,
  weatherCall,
  weatherQuestion,
  weatherResult,
  weatherSchema,
} from './surface.ts'

type Message = Anthropic.MessageParam

const usage = { prompt: 21, completion: 8, cached: 4 }
const tools: Anthropic.Tool[] = [
  { name: weatherCall.name, input_schema: { ...weatherSchema, type: 'object' as const } },
]
const common = { model: 'claude-opus-4-8', max_tokens: 256, tools }
const toolCalls = [{ ...weatherCall, id: 'toolu_abc1' }]
const eventNames = [
  'connect',
  'streamEvent',
  'text',
  'inputJson',
  'message',
  'contentBlock',
  'finalMessage',
  'error',
  'abort',
  'end',
] as const

// Up to the first piece of text: the message's and the block's start, a ping, one delta.
const contentFrames = anthropicFrames(textPieces).slice(0, 4)

export const anthropicMessages: Surface = {
  name: 'anthropic messages',
  host: 'https://api.anthropic.com',
  backend: 'anthropic',
  keyHeader: 'x-api-key',
  connect,
  answers: {
    body: anthropicAnswerBody({ text: answerText, usage }),
    whole: anthropicAnswer({ text: answerText, usage }),
    stream: anthropicStream(textPieces, { usage }),
    toolCall: anthropicAnswer({ toolCalls, usage }),
    toolCallStream: anthropicStream(['One moment.'], { toolCalls, usage }),
    unfinished: [streamHead(), paced(contentFrames), stall()],
    error: anthropicError,
  },
  errorStatuses: [400, 401, 403, 404, 413, 429, 500, 503, 529],
  brokenStreams: [
    {
      what: 'an overload',
      message: 'Overloaded',
      script: [
        streamHead({ 'request-id': 'req_fake_anthropic' }),
        paced([...contentFrames, anthropicErrorFrame()]),
      ],
    },
    {
      what: 'an API error',
      message: 'Internal server error',
      script: [
        streamHead(),
        paced([...contentFrames, anthropicErrorFrame('api_error', 'Internal server error')]),
      ],
    },
  ],
}

function connect(origin: string, fetch: typeof globalThis.fetch): SdkCalls {
  const client = new Anthropic({
    apiKey: `sk-ant-api03-${'a1B2'.repeat(20)}`,
    baseURL: origin,
    maxRetries: 0,
    fetch,
  })
  const create = async (messages: Message[], signal?: AbortSignal) => {
    const { data, request_id } = await client.messages
      .create({ ...common, messages }, { signal })
      .withResponse()
    return { data, request_id, ...requestIdOf(data) }
  }
  const gathered = async (messages: Message[], note: (event: unknown) => void, signal?: AbortSignal) => {
    const stream = client.messages.stream({ ...common, messages }, { signal })
    noteEvents(stream, eventNames, note)
    const message = await stream.finalMessage()
    return { message, request_id: stream.request_id, text: await stream.finalText().catch(String) }
  }
  return {
    whole: ({ prompt = greeting, signal } = {}) => create([{ role: 'user', content: prompt }], signal),
    async stream(note, { prompt = greeting, signal } = {}) {
      const messages: Message[] = [{ role: 'user', content: prompt }]
      const { data, request_id } = await client.messages
        .create({ ...common, messages, stream: true }, { signal })
        .withResponse()
      for await (const event of data) note(event)
      return { request_id }
    },
    helper: (note, { prompt = greeting, signal } = {}) =>
      gathered([{ role: 'user', content: prompt }], note, signal),
    async toolRoundTrip({ prompt = weatherQuestion } = {}) {
      const question: Message = { role: 'user', content: prompt }
      const first = await create([question])
      const second = await create([question, ...withResults(first.data)])
      return [first, second]
    },
    async toolRoundTripStreamed(note, { prompt = weatherQuestion } = {}) {
      const question: Message = { role: 'user', content: prompt }
      const first = await gathered([question], note)
      const second = await gathered([question, ...withResults(first.message)], note)
      return [first, second]
    },
  }
}

function withResults({ content }: Anthropic.Message): Message[] {
  const results = content
    .filter((block) => block.type === 'tool_use')
    .map((block) => ({ type: 'tool_result' as const, tool_use_id: block.id, content: weatherResult }))
  return [
    { role: 'assistant', content },
    { role: 'user', content: results },
  ]
}
