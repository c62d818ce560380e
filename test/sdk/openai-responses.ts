import OpenAI from 'openai'
import {
  openaiError,
  paced,
  responsesAnswer,
  responsesAnswerBody,
  responsesFailedFrame,
  responsesFrames,
  responsesStream,
  stall,
  streamHead,
} from '../support/fake-provider.ts'
import { sseBlock } from '../support/sse-text.ts'
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

type Items = OpenAI.Responses.ResponseInput

const model = 'gpt-5-mini'
const usage = { prompt: 21, completion: 8, cached: 4 }
const tools: OpenAI.Responses.FunctionTool[] = [
  { type: 'function', name: weatherCall.name, parameters: weatherSchema, strict: false },
]
const eventNames = [
  'connect',
  'event',
  'response.output_text.delta',
  'response.function_call_arguments.delta',
  'response.output_item.done',
  'response.completed',
  'error',
  'abort',
  'end',
] as const

// Up to the first piece of text: created, in progress, item and part added, one delta.
const contentFrames = responsesFrames(textPieces).slice(0, 5)
const errorEvent = {
  type: 'error',
  sequence_number: 5,
  code: 'server_error',
  message: 'Try again later.',
  param: null,
}

export const openaiResponses: Surface = {
  name: 'openai responses',
  host: 'https://api.openai.com',
  backend: 'openai',
  keyHeader: 'authorization',
  connect,
  answers: {
    body: responsesAnswerBody({ text: answerText, usage }),
    whole: responsesAnswer({ text: answerText, usage }),
    stream: responsesStream(textPieces, { usage }),
    toolCall: responsesAnswer({ toolCalls: [weatherCall], usage }),
    toolCallStream: responsesStream([], { toolCalls: [weatherCall], usage }),
    unfinished: [streamHead(), paced(contentFrames), stall()],
    error: openaiError,
  },
  errorStatuses: [400, 401, 403, 404, 429, 500, 503],
  brokenStreams: [
    {
      what: 'a failed response',
      message: 'The server had an error.',
      script: [
        streamHead({ 'x-request-id': 'req_fake_responses' }),
        paced([...contentFrames, responsesFailedFrame(5)]),
      ],
    },
    {
      what: 'an error event',
      message: 'Try again later.',
      script: [streamHead(), paced([...contentFrames, sseBlock(errorEvent, 'error')])],
    },
    {
      what: 'an error object',
      message: 'Try again later.',
      script: [
        streamHead(),
        paced([...contentFrames, sseBlock({ type: 'error', error: errorEvent }, 'error')]),
      ],
    },
  ],
}

function connect(origin: string, fetch: typeof globalThis.fetch): SdkCalls {
  const client = new OpenAI({
    apiKey: `sk-proj-${'a1B2'.repeat(10)}`,
    baseURL: `${origin}/v1`,
    maxRetries: 0,
    fetch,
  })
  const create = async (input: Items, signal?: AbortSignal) => {
    const { data, request_id } = await client.responses
      .create({ model, input, tools }, { signal })
      .withResponse()
    return { data, request_id, ...requestIdOf(data) }
  }
  return {
    whole: ({ prompt = greeting, signal } = {}) => create([{ role: 'user', content: prompt }], signal),
    async stream(note, { prompt = greeting, signal } = {}) {
      const { data, request_id } = await client.responses
        .create({ model, input: prompt, stream: true }, { signal })
        .withResponse()
      for await (const event of data) note(event)
      return { request_id }
    },
    async helper(note, { prompt = greeting, signal } = {}) {
      const stream = client.responses.stream({ model, input: prompt }, { signal })
      noteEvents(stream, eventNames, note)
      return await stream.finalResponse()
    },
    async toolRoundTrip({ prompt = weatherQuestion } = {}) {
      const question: Items = [{ role: 'user', content: prompt }]
      const first = await create(question)
      const second = await create([...question, ...withResults(first.data.output)])
      return [first, second]
    },
    async toolRoundTripStreamed(note, { prompt = weatherQuestion } = {}) {
      const question: Items = [{ role: 'user', content: prompt }]
      const finish = async (input: Items) => {
        const stream = client.responses.stream({ model, input, tools })
        noteEvents(stream, eventNames, note)
        return await stream.finalResponse()
      }
      const first = await finish(question)
      const second = await finish([...question, ...withResults(first.output)])
      return [first, second]
    },
  }
}

function withResults(output: readonly OpenAI.Responses.ResponseOutputItem[]): Items {
  return output.flatMap((item): Items => {
    if (item.type !== 'function_call') return [item as OpenAI.Responses.ResponseInputItem]
    const { type, id, call_id, name, arguments: text } = item
    return [
      { type, call_id, name, arguments: text, ...(id === undefined ? {} : { id }) },
      { type: 'function_call_output', call_id, output: weatherResult },
    ]
  })
}
