import { Readable } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Issue } from '../../../src/capture/detectors/detector.ts'
import { detectors } from '../../../src/capture/detectors/index.ts'
import { createRunner } from '../../../src/capture/detectors/runner.ts'
import { isItem } from '../../../src/capture/reader/items.ts'
import { openCapture } from '../../../src/capture/reader/open.ts'
import { assemble, isGap } from '../../../src/capture/view/assemble.ts'
import { ExchangeWindow } from '../../../src/capture/view/window.ts'
import { restart, v2Entry, v2Header } from '../reader/v2/sample.ts'

/**
 * The probes on which the original's own inspector failed (`reference/capture-and-replay.md` §1.2), in files as it
 * writes them.
 */
beforeEach(restart)

const open = (bytes: Buffer) => openCapture('-', { stdin: Readable.from([bytes]) })

async function allIssuesIn(bytes: Buffer): Promise<Issue[]> {
  const window = new ExchangeWindow()
  const runner = createRunner({ detectors, around: window.around })
  const issues: Issue[] = []
  for await (const found of assemble(open(bytes), window)) {
    issues.push(...(isGap(found) ? runner.gap(found) : runner.exchange(found)))
  }
  return issues
}

/** Without what only says that a file of the original has no end of its own. */
async function issuesIn(bytes: Buffer): Promise<Issue[]> {
  const issues = await allIssuesIn(bytes)
  return issues.filter(({ severity }) => severity === 'warn' || severity === 'error')
}

async function entriesIn(bytes: Buffer): Promise<number> {
  const entries = new Set<number>()
  for await (const piece of open(bytes))
    if (isItem(piece) && piece.record.k !== 'hdr') entries.add(piece.entry)
  return entries.size
}

const path = '/v1/chat/completions'
const request = (stream: boolean) =>
  `{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"stream":${stream}}`
const answer =
  '{"id":"c1","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}'
const delta = (text: string, finish: string | null = null) =>
  `data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":${JSON.stringify(finish)}}]}\n\n`
const done = `${delta('', 'stop')}data: [DONE]\n\n`

interface Wish {
  rid?: string
  sid?: string
  /** Seconds after the header. */
  at?: number
}

function asked(stream: boolean, { rid = 'r1', sid = 's1', at = 0 }: Wish = {}): Buffer[] {
  const meta = { sid, rid }
  const head = `POST ${path} HTTP/1.1\r\nHost: api.openai.com\r\nContent-Type: application/json\r\n\r\n`
  return [
    v2Entry(0, request(stream), { at, meta: { ...meta, be: 'client', http_method: 'POST', url: path } }),
    v2Entry(2, head + request(stream), { at: at + 0.01, meta: { ...meta, be: 'openai', mod: 'gpt-4o' } }),
  ]
}

function answered(
  status: string,
  body: string,
  { rid = 'r1', sid = 's1', at = 0.5 }: Wish = {},
  headers = '',
): Buffer[] {
  const meta = { sid, rid }
  const code = Number(status.slice(0, 3))
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n${headers}\r\n`
  return [
    v2Entry(3, head + body, { at, meta: { ...meta, http_status: code } }),
    v2Entry(1, body, { at: at + 0.001, meta: { ...meta, sc: code } }),
  ]
}

/** Each chunk on both legs; a number is a wait in seconds. */
function streamed(
  chunks: readonly (string | number)[],
  { rid = 'r1', sid = 's1', at = 0.5 }: Wish = {},
): Buffer[] {
  const meta = { sid, rid }
  let time = at
  let ci = 0
  const entries = [v2Entry(3, '', { at, meta: { ...meta, ss: true } })]
  for (const chunk of chunks) {
    time += typeof chunk === 'number' ? chunk : 0.02
    if (typeof chunk === 'number') continue
    ci++
    entries.push(
      v2Entry(3, chunk, { at: time, meta: { ...meta, ci } }),
      v2Entry(1, chunk, { at: time + 0.001, meta: { ...meta, ci } }),
    )
  }
  entries.push(
    v2Entry(3, '', { at: time + 0.01, meta: { ...meta, se: true, tc: ci } }),
    v2Entry(1, '', { at: time + 0.011, meta: { ...meta, se: true, tc: ci } }),
  )
  return entries
}

const file = (...parts: Buffer[][]) => Buffer.concat([v2Header(), ...parts.flat()])

describe('in traffic', () => {
  test('a 500 with its JSON is an error of the backend', async () => {
    const issues = await issuesIn(
      file(
        asked(false),
        answered('500 Internal Server Error', '{"error":{"message":"boom","type":"server_error"}}'),
      ),
    )
    expect(issues).toMatchObject([
      { code: 'backend_error', type: 'backend_error', severity: 'error', fault: 'backend', exchange: 'r1' },
    ])
  })

  test('a 429 with retry-after is a limit of the backend', async () => {
    const body = '{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}'
    const issues = await issuesIn(
      file(asked(false), answered('429 Too Many Requests', body, {}, 'Retry-After: 20\r\n')),
    )
    expect(issues).toMatchObject([
      {
        code: 'rate_limit',
        type: 'rate_limit',
        fault: 'backend',
        evidence: { status: 429, retryAfter: '20' },
      },
    ])
  })

  test('an error that is a string, in a stream', async () => {
    const issues = await issuesIn(file(asked(true), streamed([delta('Hel'), 'data: {"error":"boom"}\n\n'])))
    expect(issues).toContainEqual(
      expect.objectContaining({ code: 'error_inside_200', severity: 'error', fault: 'backend', leg: 'BTP' }),
    )
  })

  test('an error event that two chunks of the network share', async () => {
    const chunks = [delta('Hel'), 'data: {"error":{"mess', 'age":"boom","code":500}}\n\n']
    const issues = await issuesIn(file(asked(true), streamed(chunks)))
    expect(issues).toContainEqual(expect.objectContaining({ code: 'error_inside_200', fault: 'backend' }))
  })

  test('a stream that ends without its last word', async () => {
    const issues = await issuesIn(file(asked(true), streamed([delta('Hel'), delta('lo')])))
    expect(issues).toMatchObject([
      { code: 'truncated_stream', severity: 'error', fault: 'backend', leg: 'BTP' },
    ])
  })

  test('a user who thinks for a minute is no trouble', async () => {
    const later = { rid: 'r2', at: 61 }
    const capture = file(
      [...asked(true), ...streamed([delta('Hello.'), done])],
      [...asked(true, later), ...streamed([delta('Hello.'), done], { ...later, at: 61.5 })],
    )
    expect(await issuesIn(capture)).toEqual([])
  })

  test('a stall of 40 s is one, though another session is busy meanwhile', async () => {
    const busy = Array.from({ length: 20 }, (_, n) => {
      const other = { rid: `o${n}`, sid: 's2', at: 1 + n * 2 }
      return [...asked(false, other), ...answered('200 OK', answer, { ...other, at: other.at + 0.5 })]
    })
    const [chunks, before] = [streamed([delta('Hel'), 40, delta('lo.'), done]), 3]
    const capture = file(asked(true), chunks.slice(0, before), busy.flat(), chunks.slice(before))
    expect(await issuesIn(capture)).toMatchObject([
      { code: 'stalled_stream', type: 'slow_response', severity: 'error', fault: 'backend', exchange: 'r1' },
    ])
  })
})

describe('in files', () => {
  /** Numbered from 0. */
  function hundred(): Buffer[] {
    restart()
    return Array.from({ length: 25 }, (_, n) => {
      const wish = { rid: `r${n}`, sid: `s${n}`, at: n }
      return [...asked(false, wish), ...answered('200 OK', answer, { ...wish, at: n + 0.5 })]
    }).flat()
  }

  test('a good one gives its hundred entries and no issue', async () => {
    expect(await entriesIn(file(hundred()))).toBe(100)
    expect(await issuesIn(file(hundred()))).toEqual([])
  })

  test('whose end is cut says so, and gives the 99 entries before', async () => {
    const cut = file(hundred()).subarray(0, -10)
    expect(await entriesIn(cut)).toBe(99)
    expect(await allIssuesIn(cut)).toContainEqual(
      expect.objectContaining({
        code: 'capture_gap',
        evidence: expect.objectContaining({ kind: 'torn_tail' }),
      }),
    )
  })

  test('with a wrong byte at the head of an entry lose that entry, and say where', async () => {
    const entries = hundred()
    const offset = v2Header().length + Buffer.concat(entries.slice(0, 41)).length
    const spoilt = file(entries)
    spoilt[offset] = 0xff
    expect(await entriesIn(spoilt)).toBe(99)
    const [gap] = (await issuesIn(spoilt)).filter(({ code }) => code === 'capture_gap')
    expect(gap).toMatchObject({ severity: 'warn', evidence: { kind: 'damaged', fileOffset: offset } })
  })

  test('with a flipped bit in what an entry holds say in which', async () => {
    const entries = hundred()
    const at = 43
    const before = v2Header().length + Buffer.concat(entries.slice(0, at)).length
    const spoilt = file(entries)
    // In the middle of the deflated answer.
    const inside = before + Math.floor((entries[at]?.length ?? 0) / 2)
    spoilt[inside] = (spoilt[inside] ?? 0) ^ 0x10
    const gaps = (await issuesIn(spoilt)).filter(({ code }) => code === 'capture_gap')
    expect(gaps).toMatchObject([{ severity: 'warn', evidence: { kind: 'damaged', fileOffset: before } }])
  })

  test('of two runs in one file are two runs: no header is an entry', async () => {
    const both = Buffer.concat([file(hundred()), v2Header('later'), ...hundred()])
    expect(await entriesIn(both)).toBe(200)
    expect(await issuesIn(both)).toEqual([])
  })
})
