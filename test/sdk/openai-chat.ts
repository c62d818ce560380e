import OpenAI from 'openai'
import {
  chatAnswer,
  chatAnswerBody,
  chatErrorFrame,
  chatFrames,
  chatStream,
  openaiError,
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

type Message = OpenAI.ChatCompletionMessageParam

const model = 'gpt-5-mini'
const usage = { prompt: 21, completion: 8, cached: 4 }
const tools: OpenAI.ChatCompletionFunctionTool[] = [
  { type: 'function', function: { name: weatherCall.name, parameters: weatherSchema } },
]
const stream_options = { include_usage: true }
const eventNames = [
  'connect',
  'chunk',
  'content',
  'content.delta',
  'content.done',
  'tool_calls.function.arguments.delta',
  'tool_calls.function.arguments.done',
  'message',
  'chatCompletion',
  'finalContent',
  'finalMessage',
  'finalChatCompletion',
  'functionToolCall',
  'finalFunctionToolCall',
  'totalUsage',
  'error',
  'abort',
  'end',
] as const

export const openaiChat: Surface = {
  name: 'openai chat',
  host: 'https://api.openai.com',
  backend: 'openai',
  keyHeader: 'authorization',
  connect,
  answers: {
    body: chatAnswerBody({ text: answerText, usage }),
    whole: chatAnswer({ text: answerText, usage }),
    stream: chatStream(textPieces, { usage }),
    toolCall: chatAnswer({ toolCalls: [weatherCall], usage }),
    toolCallStream: chatStream([], { toolCalls: [weatherCall], usage }),
    unfinished: [streamHead(), paced(chatFrames(textPieces).slice(0, 2)), stall()],
    error: openaiError,
  },
  errorStatuses: [400, 401, 403, 404, 429, 500, 503],
  brokenStreams: [
    {
      what: 'an error',
      message: 'The server had an error.',
      script: [
        streamHead({ 'x-request-id': 'req_fake_chat' }),
        paced([...chatFrames(textPieces).slice(0, 3), chatErrorFrame()]),
      ],
    },
    {
      what: 'an error with a status for its code',
      message: 'Too busy',
      script: [
        streamHead(),
        paced([...chatFrames(textPieces).slice(0, 3), chatErrorFrame('Too busy', 503), 'data: [DONE]\n\n']),
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
  const completions = client.chat.completions
  const create = async (messages: Message[], signal?: AbortSignal) => {
    const { data, request_id } = await completions
      .create({ model, messages, tools }, { signal })
      .withResponse()
    return { data, request_id, ...requestIdOf(data) }
  }
  return {
    whole: ({ prompt = greeting, signal } = {}) => create([{ role: 'user', content: prompt }], signal),
    async stream(note, { prompt = greeting, signal } = {}) {
      const messages: Message[] = [{ role: 'user', content: prompt }]
      const { data, request_id } = await completions
        .create({ model, messages, stream: true, stream_options }, { signal })
        .withResponse()
      for await (const chunk of data) note(chunk)
      return { request_id }
    },
    async helper(note, { prompt = greeting, signal } = {}) {
      const messages: Message[] = [{ role: 'user', content: prompt }]
      const stream = completions.stream({ model, messages, stream_options }, { signal })
      noteEvents(stream, eventNames, note)
      return await stream.finalChatCompletion()
    },
    async toolRoundTrip({ prompt = weatherQuestion } = {}) {
      const question: Message = { role: 'user', content: prompt }
      const first = await create([question])
      const message = first.data.choices[0]?.message
      const second = await create([question, ...withResults(message)])
      return [first, second]
    },
    async toolRoundTripStreamed(note, { prompt = weatherQuestion } = {}) {
      const question: Message = { role: 'user', content: prompt }
      const finish = async (messages: Message[]) => {
        const stream = completions.stream({ model, messages, tools, stream_options })
        noteEvents(stream, eventNames, note)
        return await stream.finalChatCompletion()
      }
      const first = await finish([question])
      const second = await finish([question, ...withResults(first.choices[0]?.message)])
      return [first, second]
    },
  }
}

function withResults(message: OpenAI.ChatCompletionMessage | undefined): Message[] {
  if (!message) return []
  const { role, content, tool_calls = [] } = message
  const results = tool_calls.map(
    (call): Message => ({ role: 'tool', tool_call_id: call.id, content: weatherResult }),
  )
  return [{ role, content, tool_calls }, ...results]
}
