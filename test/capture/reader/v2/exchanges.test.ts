import { beforeEach, describe, expect, test } from 'vitest'
import { Float, Tagged } from '../../format/mini-cbor.ts'
import { readBytes, textsOf } from '../sample.ts'
import { createdAt, linesOf, restart, v2Entry, v2Header } from './sample.ts'

beforeEach(restart)

const read = (...entries: Buffer[]) => readBytes(Buffer.concat([v2Header(), ...entries]))
const meta = (fields: object = {}) => ({ meta: { sid: 's1', rid: 'r1', ...fields } })
const post = 'POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nX-Two: a\r\nX-Two: b\r\n\r\n'

test('an exchange without a stream has four legs with heads where the original kept them, and an outcome', async () => {
  const { items } = await read(
    v2Entry(
      0,
      '{"model":"m"}',
      meta({ be: 'client', http_method: 'POST', url: '/v1/chat/completions', ua: 'agent/1' }),
    ),
    v2Entry(2, `${post}{"model":"m2"}`, meta({ be: 'openai', mod: 'm2' })),
    v2Entry(3, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id":1}', meta()),
    v2Entry(1, '{"id":1}', meta()),
    v2Entry(0, '{}', { meta: { sid: 's1', rid: 'r2' } }),
  )
  expect(linesOf(items).slice(1, 15)).toEqual([
    'xo r1',
    's r1',
    'h r1 ctp',
    'b r1 ctp 0 {"model":"m"}',
    'e r1 ctp',
    'h r1 ptb1',
    'b r1 ptb1 0 {"model":"m2"}',
    'e r1 ptb1',
    'h r1 btp1',
    'b r1 btp1 0 {"id":1}',
    'e r1 btp1',
    'b r1 ptc 0 {"id":1}',
    'e r1 ptc',
    'u r1',
  ])
  const heads = items.map(({ record }) => record).filter(({ k }) => k === 'h')
  expect(heads).toEqual([
    expect.objectContaining({ m: 'POST', u: '/v1/chat/completions', hd: [['user-agent', 'agent/1']] }),
    expect.objectContaining({
      m: 'POST',
      u: '/v1/chat/completions',
      ver: '1.1',
      be: 'openai',
      mod: 'm2',
      hd: [
        ['Host', 'api.openai.com'],
        ['X-Two', 'a'],
        ['X-Two', 'b'],
      ],
    }),
    expect.objectContaining({ st: 200, hd: [['Content-Type', 'application/json']] }),
  ])
  expect(items.find(({ record }) => record.k === 'u')!.record).toMatchObject({
    session: 's1',
    outcome: 'complete',
    status: 200,
    stream: false,
    attempts: [{ n: 1, backend: 'openai', model: 'm2', status: 200 }],
  })
})

describe('a stream', () => {
  const chunks = [
    () => v2Entry(3, '', meta({ ss: true, be: 'openai', mod: 'm', sc: 200 })),
    () => v2Entry(3, 'data: 1\n\n', meta({ ci: 1, ttfb: 3.5 })),
    () => v2Entry(1, 'data: 1\n\n', meta({ ci: 1 })),
    () => v2Entry(3, 'data: [DONE]\n\n', meta({ ci: 2 })),
    () => v2Entry(1, 'data: [DONE]\n\n', meta({ ci: 2 })),
  ]
  const end = () => v2Entry(3, '', meta({ se: true, tc: 2, tb: 23 }))
  const usage = () =>
    v2Entry(3, '', meta({ cu: { prompt_tokens: 7, completion_tokens: 2 }, eos_term: 'normal' }))
  const request = () => v2Entry(0, '{"model":"m","stream":true}', meta())
  const next = () => v2Entry(0, '{}', { meta: { sid: 's1', rid: 'r2' } })

  test('has its chunks in order, an end where a marker tells it, and the usage that came behind', async () => {
    const { items } = await read(request(), ...chunks.map((entry) => entry()), end(), usage(), next())
    const lines = linesOf(items)
    expect(lines.filter((line) => line.startsWith('b r1 btp1'))).toEqual([
      'b r1 btp1 0 data: 1\n\n',
      'b r1 btp1 1 data: [DONE]\n\n',
    ])
    expect(lines.indexOf('e r1 btp1')).toBeGreaterThan(lines.indexOf('b r1 ptc 1 data: [DONE]\n\n'))
    expect(lines.filter((line) => /^[eu] r1/.test(line))).toEqual([
      'e r1 ctp',
      'e r1 btp1',
      'e r1 ptc',
      'u r1',
    ])
    expect(items.find(({ record }) => record.k === 'u')!.record).toMatchObject({
      outcome: 'complete',
      stream: true,
      attempts: [{ backend: 'openai', status: 200, prompt_tokens: 7, completion_tokens: 2 }],
    })
  })

  test('without an end marker has not ended, and is incomplete once the session goes on', async () => {
    const open = await read(request(), ...chunks.map((entry) => entry()))
    expect(linesOf(open.items).filter((line) => /^[eu] r1/.test(line))).toEqual(['e r1 ctp'])
    restart()
    const later = { at: 1000, ...meta(), meta: { rid: 'r2', sid: 's1' } }
    const forgotten = await read(request(), ...chunks.map((entry) => entry()), v2Entry(0, '{}', later))
    expect(forgotten.items.find(({ record }) => record.k === 'u')!.record).toMatchObject({
      x: 'r1',
      outcome: 'incomplete',
    })
  })
})

test('each request to a backend is an attempt, and answers belong to theirs', async () => {
  const { items } = await read(
    v2Entry(0, '{}', meta()),
    v2Entry(2, `${post}{}`, meta({ be: 'a' })),
    v2Entry(3, 'HTTP/1.1 503 Service Unavailable\r\n\r\n', meta()),
    v2Entry(2, `${post}{}`, meta({ be: 'b', rat: 1, rtry: true })),
    v2Entry(3, 'HTTP/1.1 200 OK\r\n\r\nyes', meta({ rat: 1 })),
    v2Entry(1, 'yes', meta()),
    v2Entry(0, '{}', { meta: { sid: 's1', rid: 'r2' } }),
  )
  expect(items.find(({ record }) => record.k === 'u')!.record).toMatchObject({
    status: 200,
    attempts: [
      { n: 1, backend: 'a', status: 503 },
      { n: 2, backend: 'b', status: 200 },
    ],
  })
  expect(linesOf(items)).toContain('b r1 btp2 0 yes')
})

test('without request ids a session and the order tell what belongs together', async () => {
  const of = (sid: string) => ({ meta: { sid } })
  const { items } = await read(
    v2Entry(0, 'first', of('A')),
    v2Entry(0, 'other', of('B')),
    v2Entry(1, 'answer', of('A')),
    v2Entry(0, 'second', of('A')),
    v2Entry(1, 'to other', of('B')),
  )
  const bodies = linesOf(items).filter((line) => line.startsWith('b'))
  expect(bodies).toEqual([
    'b A#1 ctp 0 first',
    'b B#2 ctp 0 other',
    'b A#1 ptc 0 answer',
    'b A#3 ctp 0 second',
    'b B#2 ptc 0 to other',
  ])
})

test('frames of a websocket are chunks of one attempt', async () => {
  const frame = (fields = {}) => meta({ transport: 'websocket', event: 'frame', ...fields })
  const { items } = await read(
    v2Entry(0, 'a; ', frame()),
    v2Entry(2, 'a; ', frame()),
    v2Entry(0, 'b; ', frame()),
    v2Entry(2, 'b; ', frame()),
    v2Entry(3, 'c; ', frame()),
    v2Entry(3, 'd; ', frame()),
  )
  expect(linesOf(items).filter((line) => /^[be]/.test(line))).toEqual([
    'b r1 ctp 0 a; ',
    'b r1 ptb1 0 a; ',
    'b r1 ctp 1 b; ',
    'b r1 ptb1 1 b; ',
    'b r1 btp1 0 c; ',
    'b r1 btp1 1 d; ',
  ])
})

test('entries whose batches were written in another order are put into their own', async () => {
  const entries = [0, 1, 2, 3, 4, 5].map((i) => v2Entry(0, `${i}`, { seq: i, meta: { rid: `r${i}` } }))
  const { items, gaps } = await read(...[3, 4, 5, 0, 1, 2].map((i) => entries[i]!))
  expect(textsOf(items)).toEqual(['0', '1', '2', '3', '4', '5'])
  // Entries are numbered as they stand.
  expect(items.filter(({ record }) => record.k === 'b').map(({ entry }) => entry)).toEqual([3, 4, 5, 0, 1, 2])
  expect(gaps).toEqual([])
})

test('numbers that are missing are a loss', async () => {
  const { gaps } = await read(v2Entry(0, 'a', { seq: 0 }), v2Entry(0, 'b', { seq: 4 }))
  expect(gaps).toEqual([
    expect.objectContaining({
      kind: 'loss',
      records: 3,
      why: 'by their sequence numbers, entries 1 to 3 are not in the file',
    }),
  ])
})

test.each<[string, unknown]>([
  ['an integer', 1764590401],
  ['a float', new Float(1764590401)],
  ['a tagged float', new Tagged(1, new Float(1764590401))],
  ['a tagged integer', new Tagged(1, 1764590401)],
  ['a tagged date', new Tagged(0, '2025-12-01T12:00:01Z')],
])('a time may be %s', async (_, ts) => {
  const { items } = await read(v2Entry(0, 'a', { ts }))
  expect(items[1]!.wallNs).toBe(1764590401e9)
})

test('data that hold whole entries are one entry, tagged or not', async () => {
  for (const ts of [new Float(1764590401), new Tagged(1, new Float(1764590401))]) {
    const inner = v2Entry(1, 'inner').toString('latin1')
    const data = Buffer.from(inner.repeat(2), 'latin1')
    // Not deflated: the bytes stand there as they are.
    const { items, gaps } = await read(
      v2Entry(0, data.subarray(0, 120), { ts, seq: 0 }),
      v2Entry(1, '', { ts, seq: 1 }),
    )
    expect(gaps).toEqual([])
    expect(textsOf(items).map((text) => text.length)).toEqual([
      Buffer.from(data.subarray(0, 120)).toString().length,
    ])
  }
})

test('sections one after another begin anew, with nothing left open between them', async () => {
  const section = () => {
    restart()
    return Buffer.concat([v2Header('s2', createdAt + 100), v2Entry(0, 'x', { at: 101, ...meta() })])
  }
  const { items, gaps } = await readBytes(Buffer.concat([section(), section()]))
  expect(gaps).toEqual([])
  expect(linesOf(items).filter((line) => line === 'hdr' || line.startsWith('xo'))).toEqual([
    'hdr',
    'xo r1',
    'hdr',
    'xo r1',
  ])
  expect(items.at(-1)).toMatchObject({ entry: 1, record: { t: 1e9 } })
})

test('thousands of exchanges that never end are not all kept', async () => {
  const entries = Array.from({ length: 1500 }, (_, i) =>
    v2Entry(0, '{}', { at: i / 1000, meta: { rid: `r${i}` } }),
  )
  const { items } = await read(...entries)
  expect(items.filter(({ record }) => record.k === 'u').length).toBeGreaterThan(400)
})
