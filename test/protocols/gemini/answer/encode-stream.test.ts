import { describe, expect, it, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { Event } from '../../../../src/core/event.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { aboutFor, chunksOf, saidIn, streamed } from './an-answer.ts'
import { call, end, start, text, usage } from './events.ts'

const head = '"modelVersion":"claude-sonnet-4-5","responseId":"01jd0example"'
const chunk = (candidate: string, more = '') => `{"candidates":[${candidate}],${more}${head}}`
const hel = chunk('{"content":{"role":"model","parts":[{"text":"Hel"}]},"index":0}')
const lo = chunk('{"content":{"role":"model","parts":[{"text":"lo"}]},"index":0}')
const counts = '"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":5,"totalTokenCount":17},'
const last = chunk(
  '{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}',
  counts,
)

describe('the grammar', () => {
  const events = [start, text('Hel'), text('lo'), end, usage]

  it('of events: one data line a block, nothing before it, no [DONE]', () => {
    expect(streamed(events).text).toBe(`data: ${hel}\n\ndata: ${lo}\n\ndata: ${last}\n\n`)
  })

  it('of the one array that a stream without alt=sse is', () => {
    const { text: array } = streamed(events, aboutFor({}, 'anthropic-messages', 'json-array'))
    expect(array).toBe(`[${hel},\n${lo},\n${last}]`)
    expect(JSON.parse(array)).toHaveLength(3)
  })

  it('takes the usage before the end as well, and what comes with no start', () => {
    expect(streamed([start, text('Hel'), text('lo'), usage, end]).text).toBe(streamed(events).text)
    const anonymous = chunksOf(streamed([end]).text)
    expect(anonymous).toEqual([
      {
        candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }],
        ...{ modelVersion: 'backend-model', responseId: '01jd0example' },
      },
    ])
  })

  it('closes as a plain stop where nobody said how it ends, once', () => {
    const encoder = gemini.streamEncoder(aboutFor())
    expect(saidIn(encoder.push([text('a')]) + encoder.end())).toEqual([
      [{ text: 'a' }],
      [{ text: '' }],
      'STOP',
    ])
    expect([encoder.push([text('b')]), encoder.end(), encoder.fail(new ProxyError('internal', 'x'))]).toEqual(
      [...['', '', '']],
    )
  })
})

describe('an answer that fails', () => {
  const error = new ProxyError('internal', 'it broke')
  const failed = (events: Event[], framing: 'sse' | 'json-array') => {
    const encoder = gemini.streamEncoder(aboutFor({}, 'anthropic-messages', framing))
    const written = encoder.push(events) + encoder.fail(error)
    expect(encoder.end()).toBe('')
    return written
  }

  it('says so with a numeric code, behind all the words that came', () => {
    const [first, second, third] = chunksOf(failed([text('a'), { type: 'reasoning', text: 'hm' }], 'sse'))
    expect(first).toMatchObject({ candidates: [{ content: { parts: [{ text: 'a' }] } }] })
    expect(second).toMatchObject({ candidates: [{ content: { parts: [{ text: 'hm', thought: true }] } }] })
    expect(third).toMatchObject({ error: { code: 500, message: 'it broke', status: 'INTERNAL' } })
  })

  it('leaves an array open: closed, it would look like one that came to its end', () => {
    const written = failed([text('a')], 'json-array')
    expect(written).toContain(',\n{"error":{"code":500')
    expect(JSON.parse(`${written}]`)).toHaveLength(2)
    expect(JSON.parse(`${failed([], 'json-array')}]`)).toMatchObject([{ error: { code: 500 } }])
  })
})

test.each([
  ['stop', 'STOP'],
  ['tool', 'STOP'],
  ['length', 'MAX_TOKENS'],
  ['filter', 'SAFETY'],
  ['error', 'OTHER'],
] as const)('the end %s is %s, in the last chunk', (reason, word) => {
  expect(saidIn(streamed([text('a'), { type: 'end', reason, raw: '' }]).text).at(-1)).toBe(word)
})

test('candidates each have their parts and their end, the usage stands in the very last chunk', () => {
  const { text: stream } = streamed([
    text('a'),
    { type: 'text', text: 'b', choice: 1 },
    { type: 'logprobs', tokens: [{ token: 'b', logprob: -1, bytes: null, top: [] }], choice: 1 },
    call(0, '{}', { id: 'c', name: 'f', choice: 1 }),
    usage,
    { ...end, others: [{ choice: 1, reason: 'tool', raw: 'x' }] } as Event,
  ])
  const seen = chunksOf(stream).map(({ candidates, usageMetadata }) => {
    const [{ index, finishReason }] = candidates as [{ index: number; finishReason?: string }]
    return [index, finishReason ?? null, usageMetadata !== undefined]
  })
  expect(seen).toEqual([
    [0, null, false],
    [1, null, false],
    [1, null, false],
    [0, 'STOP', false],
    [1, 'STOP', true],
  ])
  expect(stream).toContain('"logprobsResult":{"chosenCandidates":[{"token":"b","logProbability":-1}]')
})

test('citations stand in the last chunk, a thousand at most', () => {
  const cited: Event = {
    type: 'citation',
    citation: { url: 'https://a.com/', title: null, quote: null, start: 0, end: 2 },
  }
  const { text: stream, encoder } = streamed([text('Grün'), cited, end])
  expect(chunksOf(stream).at(-1)).toMatchObject({
    candidates: [
      {
        groundingMetadata: {
          groundingChunks: [{ web: { uri: 'https://a.com/' } }],
          groundingSupports: [
            { segment: { startIndex: 0, endIndex: 2, text: 'Gr' }, groundingChunkIndices: [0] },
          ],
        },
      },
    ],
  })
  expect(encoder.lost).toEqual([])
  const many = streamed([text('Grün'), ...Array.from({ length: 1001 }, () => cited), end])
  expect(many.encoder.lost).toEqual([{ loss: 'answer_citation', param: null }])
})

test('what it has no words for is named', () => {
  const { encoder } = streamed([
    { type: 'refusal', text: 'No.' },
    { type: 'server_tool', kind: 'code_execution', text: '42' },
    { type: 'usage', usage: { promptTokens: 1, costUsd: 1 } },
    { type: 'end', reason: 'pause', raw: 'pause_turn', stopSequence: 'x' },
  ])
  expect(encoder.lost.map(({ loss }) => loss).sort()).toEqual([
    'answer_pause',
    'answer_refusal',
    'answer_server_tool',
    'answer_stop_sequence',
    'answer_usage_details',
  ])
})
