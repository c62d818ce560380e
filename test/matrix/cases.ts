/** What the matrix asks in every cell, and what every client must read. Hand-written: no encoder of ours made any of it. */
export const caseNames = [
  'text',
  'tools',
  'parallel tools',
  'multi-turn with results',
  'image',
  'reasoning',
  'structured output',
  'error before output',
  'error after output',
  'length stop',
  'refusal',
] as const
export type CaseName = (typeof caseNames)[number]

export type Stop = 'stop' | 'tool' | 'length' | 'filter'

/** What a client has read, in no SDK's words. */
export interface Facts {
  /** Text, or the words of a refusal: not every protocol tells them apart. */
  said: string
  reasoning: string
  calls: { name: string; arguments: unknown }[]
  stop: Stop | null
  usage: { input: number; output: number; cached: number; reasoning: number } | null
  error: { status: number | null; message: string } | null
}

export const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
export const answerSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
/** A red dot. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
export const system = 'Answer briefly.'
export const question = 'What is the weather?'
export const words = {
  text: 'Hello from the provider – grüße.',
  multiTurn: 'Sunny in Paris, rain in London.',
  image: 'A red dot.',
  thoughts: 'Two and two are four.',
  reasoned: 'It is 4.',
  structured: '{"city":"Paris"}',
  length: 'The answer is',
  refusal: 'I cannot help with that.',
  beforeError: 'Hel',
  slow: 'Slow down, please.',
  broken: 'The model broke down.',
} as const
export const results = { paris: 'sunny', london: 'rain' } as const

const usage = { input: 11, output: 7, cached: 0, reasoning: 0 }
const answered: Facts = { said: '', reasoning: '', calls: [], stop: 'stop', usage, error: null }
const call = (city: string) => ({ name: 'get_weather', arguments: { city } })

const expectations: Readonly<Record<CaseName, Facts>> = {
  text: { ...answered, said: words.text, usage: { ...usage, cached: 4 } },
  tools: { ...answered, calls: [call('Paris')], stop: 'tool' },
  'parallel tools': { ...answered, calls: [call('Paris'), call('London')], stop: 'tool' },
  'multi-turn with results': { ...answered, said: words.multiTurn },
  image: { ...answered, said: words.image },
  reasoning: {
    ...answered,
    said: words.reasoned,
    reasoning: words.thoughts,
    usage: { ...usage, reasoning: 5 },
  },
  'structured output': { ...answered, said: words.structured },
  'error before output': {
    ...answered,
    stop: null,
    usage: null,
    error: { status: 429, message: words.slow },
  },
  'error after output': {
    ...answered,
    stop: null,
    usage: null,
    error: { status: 500, message: words.broken },
  },
  'length stop': { ...answered, said: words.length, stop: 'length' },
  refusal: { ...answered, said: words.refusal, stop: 'filter' },
}

/** What the client of a cell must have read. */
export function expectedFacts(name: CaseName, streams: boolean): Facts {
  const facts = expectations[name]
  if (name !== 'error after output' || !streams) return facts
  // The status went out with the first words; only they and the error are left.
  return { ...facts, said: words.beforeError, error: { status: null, message: words.broken } }
}
