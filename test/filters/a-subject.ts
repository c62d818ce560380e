import fc from 'fast-check'
import type { SubjectKind } from '../../src/filters/subject.ts'

/** A thing with something of each kind that filters can ask for. */
export interface Thing {
  id: string
  url: string | null
  body: string | null
  tools: string[] | null
  outcome: 'good' | 'bad'
  status: number | null
  ttftMs: number | null
  tokens: number | null
  costUsd: number | null
  bytes: number | null
}

export const aThing = (changed: Partial<Thing> = {}): Thing => ({
  id: 'x_1m8byek899yt',
  url: 'https://api.test/v1/chat',
  body: 'Hello,\nworld',
  tools: ['Bash', 'Read'],
  outcome: 'good',
  status: 200,
  ttftMs: 2_000,
  tokens: 1_500,
  costUsd: 0.1,
  bytes: 48_200,
  ...changed,
})

const one = (value: string | null) => (value === null ? null : [value])

export const thing: SubjectKind<Thing> = {
  noun: 'a thing',
  texts: new Map([
    ['id', { values: ({ id }) => [id] }],
    ['url', { values: ({ url }) => one(url) }],
    ['body', { values: ({ body }) => one(body) }],
    ['tool', { values: ({ tools }) => tools }],
    ['outcome', { values: ({ outcome }) => [outcome], oneOf: ['good', 'bad'] }],
    ['backend', { values: ({ id }) => (id === '' ? [] : ['near']), oneOf: ['near', 'distant'] }],
  ]),
  numbers: new Map([
    ['status', { unit: 'plain', value: ({ status }) => status }],
    ['ttft', { unit: 'duration', value: ({ ttftMs }) => ttftMs }],
    ['tokens', { unit: 'count', value: ({ tokens }) => tokens }],
    ['cost', { unit: 'usd', value: ({ costUsd }) => costUsd }],
    ['bytes', { unit: 'bytes', value: ({ bytes }) => bytes }],
  ]),
  facts: new Map([['failed', ({ outcome }) => outcome === 'bad']]),
  shown: ({ url, outcome, status }) => [url ?? '—', outcome, String(status)],
}

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 3 })

export const randomThing: fc.Arbitrary<Thing> = fc.record({
  id: fc.constantFrom('x_1abc', 'x_1abd', 'x_2abc'),
  url: orNull(fc.constantFrom('https://API.test/v1/chat', 'http://other.test/v1/models', '')),
  body: orNull(fc.constantFrom('Hello', 'a (b) | c & "d" ~e !f', 'back\\slash', '')),
  tools: orNull(fc.subarray(['Bash', 'Read', 'WebSearch'])),
  outcome: fc.constantFrom('good', 'bad'),
  status: orNull(fc.constantFrom(200, 429, 500)),
  ttftMs: orNull(fc.constantFrom(0, 500, 2_000, 90_000)),
  tokens: orNull(fc.constantFrom(0, 999, 1_500, 2_000_000)),
  costUsd: orNull(fc.constantFrom(0, 0.1, 2)),
  bytes: orNull(fc.constantFrom(0, 999, 2_000_000)),
})
