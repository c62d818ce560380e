import { type Content, type GenerateContentResponse, GoogleGenAI, type Part } from '@google/genai'
import {
  geminiAnswer,
  geminiAnswerBody,
  geminiError,
  geminiErrorFrame,
  geminiFrames,
  geminiStream,
  geminiWrongKey,
  paced,
  stall,
  streamHead,
} from '../support/fake-provider.ts'
import { comparableHeaders } from './recording-fetch.ts'
import {
  answerText,
  greeting,
  type Note,
  type SdkCalls,
  type Surface,
  textPieces,
  weatherCall,
  weatherQuestion,
  weatherResult,
  weatherSchema,
} from './surface.ts'

const model = 'gemini-2.5-flash'
const usage = { prompt: 21, completion: 8, cached: 4 }
const headers = { 'x-gemini-service-tier': 'standard' }
const tools = [{ functionDeclarations: [{ name: weatherCall.name, parametersJsonSchema: weatherSchema }] }]
const contentFrames = geminiFrames(textPieces).slice(0, 1)

export const gemini: Surface = {
  name: 'google genai',
  host: 'https://generativelanguage.googleapis.com',
  backend: 'gemini',
  keyHeader: 'x-goog-api-key',
  connect,
  answers: {
    body: geminiAnswerBody({ text: answerText, usage }),
    whole: geminiAnswer({ text: answerText, usage, headers }),
    stream: geminiStream(textPieces, { usage, headers }),
    toolCall: geminiAnswer({ toolCalls: [weatherCall], usage }),
    toolCallStream: geminiStream([], { toolCalls: [weatherCall], usage }),
    unfinished: [streamHead(), paced(contentFrames), stall()],
    // A wrong key is 400 here, not 401.
    error: (status) => (status === 400 ? geminiWrongKey() : geminiError(status)),
  },
  errorStatuses: [400, 401, 403, 404, 429, 500, 503],
  brokenStreams: [
    {
      what: 'an overload',
      message: 'The model is overloaded.',
      script: [streamHead(), paced([...contentFrames, geminiErrorFrame()])],
    },
    {
      what: 'an exhausted quota',
      message: 'Resource has been exhausted.',
      script: [
        streamHead(),
        paced([...contentFrames, geminiErrorFrame(429, 'Resource has been exhausted.')]),
      ],
    },
  ],
}

function connect(origin: string, fetch: typeof globalThis.fetch): SdkCalls {
  const client = new GoogleGenAI({
    apiKey: `AIza${'a1B2c'.repeat(7)}`,
    httpOptions: { baseUrl: origin, fetch, retryOptions: { attempts: 1 } },
  })
  const create = async (contents: Content[], abortSignal?: AbortSignal) => {
    const config = { tools, ...(abortSignal && { abortSignal }) }
    return comparable(await client.models.generateContent({ model, contents, config }))
  }
  const streamed = async (contents: Content[], note: Note, abortSignal?: AbortSignal) => {
    const config = { tools, ...(abortSignal && { abortSignal }) }
    const parts: Part[] = []
    for await (const chunk of await client.models.generateContentStream({ model, contents, config })) {
      note(comparable(chunk))
      parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []))
    }
    return parts
  }
  return {
    whole: ({ prompt = greeting, signal } = {}) => create([asked(prompt)], signal),
    stream: (note, { prompt = greeting, signal } = {}) => streamed([asked(prompt)], note, signal),
    async helper(note, { prompt = greeting, signal } = {}) {
      const chat = client.chats.create({ model })
      const config = signal ? { abortSignal: signal } : {}
      for await (const chunk of await chat.sendMessageStream({ message: prompt, config })) {
        note(comparable(chunk))
      }
      return chat.getHistory()
    },
    async toolRoundTrip({ prompt = weatherQuestion } = {}) {
      const question = asked(prompt)
      const first = await create([question])
      const parts = first.candidates?.[0]?.content?.parts ?? []
      const second = await create([question, ...withResults(parts)])
      return [first, second]
    },
    async toolRoundTripStreamed(note, { prompt = weatherQuestion } = {}) {
      const question = asked(prompt)
      const first = await streamed([question], note)
      const second = await streamed([question, ...withResults(first)], note)
      return [first, second]
    },
  }
}

function asked(text: string): Content {
  return { role: 'user', parts: [{ text }] }
}

function withResults(parts: Part[]): Content[] {
  const results = parts.flatMap(({ functionCall }): Part[] => {
    if (!functionCall) return []
    const { id, name } = functionCall
    const response = { output: weatherResult }
    return [{ functionResponse: { response, ...(name && { name }), ...(id && { id }) } }]
  })
  return [
    { role: 'model', parts: parts.filter((part) => part.functionCall) },
    { role: 'user', parts: results },
  ]
}

/** This SDK puts the answer's headers into the parsed object. */
function comparable(response: GenerateContentResponse): GenerateContentResponse {
  const http = response.sdkHttpResponse
  if (http?.headers) http.headers = comparableHeaders(Object.entries(http.headers))
  return response
}
