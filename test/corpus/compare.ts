import { isDeepStrictEqual } from 'node:util'
import { sseBlocks } from '../support/sse-text.ts'
import { type Ending, type LegResult, runHeader } from './corpus-world.ts'
import type { Expectation } from './expectations.ts'
import type { RecordedCall } from './recorded-call.ts'
import type { Replay } from './replay.ts'
import { decoded } from './wire-forms.ts'

export interface Legs {
  direct: LegResult
  proxied: LegResult & { ending: Ending }
}

type Headers = Record<string, string>

/** What differs at the provider between asking it directly and through the proxy, in words; nothing if nothing does. */
export function requestFaults(call: RecordedCall, { sent }: Replay, { direct, proxied }: Legs): string[] {
  const [there] = direct.received
  const [here] = proxied.received
  const tries = `${direct.received.length} direct, ${proxied.received.length} proxied`
  if (!there || !here || tries !== '1 direct, 1 proxied') return [`requests at the provider: ${tries}`]
  return [
    ...unequal('method', there.method, here.method),
    ...unequal('request target', there.url, here.url),
    ...unequalBytes(
      'request body',
      sent ?? Buffer.alloc(0),
      decoded(here.body, here.headers['content-encoding']),
    ),
    ...(call.untouched ? unequalBytes('untouched request body', there.body, here.body) : []),
    ...unequalHeaders(
      'request header',
      requestHeaders(there.headers, call),
      requestHeaders(here.headers, call),
    ),
  ]
}

/** What differs for the client. */
export function answerFaults(
  call: RecordedCall,
  replay: Replay,
  expected: Expectation,
  legs: Legs,
): string[] {
  const { direct, proxied } = legs
  const own = unequalBytes(
    'the direct answer, which is this test’s own fault',
    replay.answered,
    plain(direct),
  )
  switch (expected.kind) {
    case 'same':
      return [
        ...own,
        ...unequal('ending', expected.ending, proxied.ending),
        ...unequal('cut', false, proxied.cut),
        ...sameAnswer(call, replay, { ...expected.added }, legs),
      ]
    case 'then_our_error':
      return [
        ...own,
        ...unequal('ending', { outcome: 'incomplete', incompleteReason: 'truncated' }, proxied.ending),
        ...thenOurError(replay, direct, proxied),
      ]
    case 'http_error':
      return [
        ...own,
        ...unequal('ending', { outcome: 'error', incompleteReason: null }, proxied.ending),
        ...unequal('status', expected.status, proxied.status),
        ...unequal('body', expected.body, JSON.parse(plain(proxied).toString())),
      ]
  }
}

function sameAnswer(
  call: RecordedCall,
  { answered }: Replay,
  added: Headers,
  { direct, proxied }: Legs,
): string[] {
  // A whole body that the client takes encoded passes as it is; a stream never goes out encoded.
  const raw = !call.streams && direct.headers['content-encoding'] === proxied.headers['content-encoding']
  return [
    ...unequal('status', direct.status, proxied.status),
    ...unequalBytes('answer', answered, plain(proxied)),
    ...(raw ? unequalBytes('encoded answer', direct.body, proxied.body) : []),
    ...encodingFaults(call, proxied),
    ...unequalHeaders(
      'answer header',
      { ...theirHeaders(direct.headers), ...added },
      clientHeaders(proxied.headers, direct.headers),
    ),
  ]
}

/** `content-encoding` and `content-length` always match the body sent, and no stream is encoded. */
function encodingFaults(call: RecordedCall, { headers, body, received }: LegResult): string[] {
  const encoding = headers['content-encoding']
  const asked = received[0]?.headers['accept-encoding']
  if (call.streams) return unequal('encoding of a stream', undefined, encoding)
  return [
    ...(call.untouched ? [] : unequal('content-length', String(body.length), headers['content-length'])),
    ...(encoding === undefined || encoding === asked || call.untouched
      ? []
      : [`encoded as ${encoding}, unasked`]),
  ]
}

function thenOurError({ answered }: Replay, direct: LegResult, proxied: LegResult): string[] {
  const body = plain(proxied)
  const last = body.subarray(answered.length).toString()
  const blocks = sseBlocks(last)
  const data = blocks.length === 1 && blocks[0] ? JSON.parse(blocks[0].data) : {}
  return [
    ...unequal('status', direct.status, proxied.status),
    ...unequalBytes('answer up to its end', answered, body.subarray(0, answered.length)),
    ...unequal('our event', { event: 'error', comments: [], data: blocks[0]?.data }, blocks[0]),
    ...unequal('its type and code', ['error', 'backend_truncated'], [data.type, data.code]),
    ...unequal('blank line at the end', true, last.endsWith('\n\n')),
    ...unequal('cut', true, proxied.cut),
  ]
}

/** Of the connection, of its encoding, or of this test. */
function requestHeaders(headers: Headers, { untouched }: RecordedCall): Headers {
  const { 'accept-encoding': accepted = 'identity', ...rest } = headers
  const ours = new Set(['host', 'connection', 'transfer-encoding', 'content-length', runHeader])
  // A body that we read goes on without its encoding.
  if (!untouched) ours.add('content-encoding')
  const kept = Object.entries(rest).filter(([name]) => !ours.has(name) && name !== 'x-llmproxy-hop')
  return { ...Object.fromEntries(kept), 'accept-encoding': accepted }
}

const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
])

/** Everything but what is of the connection or speaks of the provider's servers (reference/protocols.md §5). */
function theirHeaders(headers: Headers): Headers {
  const dropped = (name: string) =>
    ofTheConnection.has(name) || name === 'server' || name.startsWith('x-envoy-')
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped(name)))
}

/** What the client got, without what every answer of a proxy may have: its own, and Node's `date`. */
function clientHeaders(headers: Headers, theirs: Headers): Headers {
  const ours = (name: string) =>
    ofTheConnection.has(name) ||
    /^x-(llmproxy|usage)-/.test(name) ||
    (name === 'date' && theirs.date === undefined)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ours(name)))
}

function plain({ body, headers }: LegResult): Buffer {
  return decoded(body, headers['content-encoding'])
}

function unequal(what: string, expected: unknown, got: unknown): string[] {
  if (isDeepStrictEqual(expected, got)) return []
  return [`${what}: ${JSON.stringify(expected)} became ${JSON.stringify(got)}`]
}

function unequalHeaders(what: string, expected: Headers, got: Headers): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(got)])
  return [...names].flatMap((name) => unequal(`${what} ${name}`, expected[name], got[name]))
}

function unequalBytes(what: string, expected: Buffer, got: Buffer): string[] {
  if (expected.equals(got)) return []
  let at = 0
  while (at < expected.length && expected[at] === got[at]) at++
  const around = (bytes: Buffer) => JSON.stringify(bytes.subarray(Math.max(0, at - 20), at + 60).toString())
  return [`${what}, at byte ${at} of ${expected.length}: ${around(expected)} became ${around(got)}`]
}
