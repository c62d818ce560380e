import {
  type Content,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
} from '@google/genai'
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

const asked: Content = { role: 'user', parts: [{ text: question }] }
const tools: NonNullable<GenerateContentConfig['tools']> = [
  {
    functionDeclarations: [
      { name: weather.name, description: weather.description, parametersJsonSchema: weather.schema },
    ],
  },
]
const call = (city: string) => ({
  functionCall: { id: `call_${city.toLowerCase()}`, name: 'get_weather', args: { city } },
})
const result = (city: string, said: string) => ({
  functionResponse: { id: `call_${city.toLowerCase()}`, name: 'get_weather', response: { result: said } },
})

function requestOf(name: CaseName): { contents: Content[]; config: GenerateContentConfig } {
  const config: GenerateContentConfig = { systemInstruction: system }
  const contents = [asked]
  if (name === 'tools' || name === 'parallel tools') return { contents, config: { ...config, tools } }
  if (name === 'multi-turn with results') {
    return {
      contents: [
        asked,
        { role: 'model', parts: [call('Paris'), call('London')] },
        { role: 'user', parts: [result('Paris', results.paris), result('London', results.london)] },
      ],
      config: { ...config, tools },
    }
  }
  if (name === 'image') {
    const inlineData = { mimeType: 'image/png', data: pixel }
    return { contents: [{ role: 'user', parts: [{ text: question }, { inlineData }] }], config }
  }
  if (name === 'reasoning') {
    return {
      contents,
      config: { ...config, thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 } },
    }
  }
  if (name === 'structured output') {
    return {
      contents,
      config: { ...config, responseMimeType: 'application/json', responseJsonSchema: answerSchema },
    }
  }
  return { contents, config }
}

export const geminiClient: MatrixClient = {
  protocol: 'gemini',
  async ask(name, { url, model, streams }) {
    const google = new GoogleGenAI({
      apiKey: 'AIza-client',
      httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } },
    })
    const request = { ...requestOf(name), model }
    let read: Facts = { ...nothing, calls: [] }
    try {
      if (!streams) return withChunk(read, await google.models.generateContent(request))
      for await (const chunk of await google.models.generateContentStream(request))
        read = withChunk(read, chunk)
      return read
    } catch (thrown) {
      return { ...read, stop: null, usage: null, error: failure(thrown, streams && read.said !== '') }
    }
  },
}

/** The SDK's message is the body, as JSON. */
function failure(thrown: unknown, within: boolean): NonNullable<Facts['error']> {
  const { status, message } = thrown as { status?: number; message: string }
  const body = JSON.parse(message.slice(message.indexOf('{'))) as { error: { message: string } }
  return { status: within ? null : (status ?? null), message: body.error.message }
}

const stops: Readonly<Record<string, Facts['stop']>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'filter',
}

function withChunk(facts: Facts, { candidates, usageMetadata: usage }: GenerateContentResponse): Facts {
  const [candidate] = candidates ?? []
  const read = { ...facts, calls: [...facts.calls] }
  for (const part of candidate?.content?.parts ?? []) {
    if (part.text) read[part.thought ? 'reasoning' : 'said'] += part.text
    if (part.functionCall)
      read.calls.push({ name: part.functionCall.name ?? '', arguments: part.functionCall.args })
  }
  if (candidate?.finishReason) read.stop = stops[candidate.finishReason] ?? null
  if (read.stop === 'stop' && read.calls.length > 0) read.stop = 'tool'
  if (usage?.promptTokenCount === undefined) return read
  const reasoning = usage.thoughtsTokenCount ?? 0
  return {
    ...read,
    usage: {
      input: usage.promptTokenCount,
      output: (usage.candidatesTokenCount ?? 0) + reasoning,
      cached: usage.cachedContentTokenCount ?? 0,
      reasoning,
    },
  }
}
