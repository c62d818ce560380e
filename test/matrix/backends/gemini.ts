import { expect } from 'vitest'
import { answerSchema, type CaseName, pixel, question, results, system, weather, words } from '../cases.ts'
import { events, json, type MatrixBackend, type Received } from './backend.ts'

const base = { modelVersion: 'gemini-2.5-flash', responseId: 'r9' }
const usage = { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 }
const call = (city: string) => ({ functionCall: { name: 'get_weather', args: { city } } })

interface Answer {
  parts: Record<string, unknown>[]
  finish: string
  usage?: Record<string, unknown>
}

const answers: Readonly<Partial<Record<CaseName, Answer>>> = {
  text: { parts: [{ text: words.text }], finish: 'STOP', usage: { ...usage, cachedContentTokenCount: 4 } },
  tools: { parts: [call('Paris')], finish: 'STOP' },
  'parallel tools': { parts: [call('Paris'), call('London')], finish: 'STOP' },
  'multi-turn with results': { parts: [{ text: words.multiTurn }], finish: 'STOP' },
  image: { parts: [{ text: words.image }], finish: 'STOP' },
  reasoning: {
    parts: [
      { text: words.thoughts, thought: true },
      { text: words.reasoned, thoughtSignature: 'CiQBcsjafA==' },
    ],
    finish: 'STOP',
    usage: { promptTokenCount: 11, candidatesTokenCount: 2, thoughtsTokenCount: 5, totalTokenCount: 18 },
  },
  'structured output': { parts: [{ text: words.structured }], finish: 'STOP' },
  'length stop': { parts: [{ text: words.length }], finish: 'MAX_TOKENS' },
  refusal: { parts: [{ text: words.refusal }], finish: 'SAFETY' },
}

export const geminiBackend: MatrixBackend = {
  protocol: 'gemini',
  type: 'gemini',
  model: 'gemini-2.5-flash',
  answer(name, streams) {
    if (name === 'error before output') {
      const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }]
      return json(429, { error: { code: 429, message: words.slow, status: 'RESOURCE_EXHAUSTED', details } })
    }
    if (name === 'error after output') {
      const error = { code: 500, message: words.broken, status: 'INTERNAL' }
      return streams ? events([chunk([{ text: words.beforeError }]), data({ error })]) : json(500, { error })
    }
    const { parts, finish, usage: used = usage } = answers[name] as Answer
    if (streams) return events([...parts.map((part) => chunk([part])), chunk([{ text: '' }], finish, used)])
    const candidate = { content: { role: 'model', parts }, finishReason: finish, index: 0 }
    return json(200, { candidates: [candidate], usageMetadata: used, ...base })
  },
  check(name, body) {
    expect(textOf(body.systemInstruction)).toBe(system)
    const [asked, turn, answered] = body.contents
    expect(asked.role).toBe('user')
    expect(textOf(asked)).toContain(question)
    if (name.includes('tool')) {
      const [declared] = body.tools[0].functionDeclarations
      expect(declared).toMatchObject({ name: weather.name, description: weather.description })
      expect(declared.parametersJsonSchema).toEqual(weather.schema)
    }
    if (name === 'multi-turn with results') {
      expect(turn.role).toBe('model')
      expect(turn.parts.map(({ functionCall }: Received) => [functionCall.name, functionCall.args])).toEqual([
        ['get_weather', { city: 'Paris' }],
        ['get_weather', { city: 'London' }],
      ])
      expect(
        answered.parts.map(({ functionResponse }: Received) => [
          functionResponse.name,
          functionResponse.response,
        ]),
      ).toEqual([
        ['get_weather', { result: results.paris }],
        ['get_weather', { result: results.london }],
      ])
    }
    if (name === 'image') {
      expect(asked.parts).toContainEqual({ inlineData: { mimeType: 'image/png', data: pixel } })
    }
    const config = body.generationConfig
    if (name === 'reasoning') {
      expect(config.thinkingConfig).toEqual({ includeThoughts: true, thinkingBudget: 8192 })
    }
    if (name === 'structured output') {
      expect(config).toMatchObject({
        responseMimeType: 'application/json',
        responseJsonSchema: answerSchema,
      })
    }
  },
}

function textOf(content: Received): string {
  return content.parts.map((part: Received) => part.text ?? '').join('')
}

function chunk(parts: object[], finishReason?: string, usageMetadata?: object): string {
  const candidate = { content: { role: 'model', parts }, ...(finishReason && { finishReason }), index: 0 }
  return data({ candidates: [candidate], ...(usageMetadata && { usageMetadata }), ...base })
}

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`
}
