import fc from 'fast-check'
import { protocolClients } from '../errors/protocol-clients.ts'
import { rawCall } from '../errors/raw-call.ts'

/** One way in which a request is spoilt; numbers are places in it, from 0 to 1. */
export type Mutation =
  | { kind: 'truncate'; at: number }
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }
  | { kind: 'delete'; at: number; length: number }
  | { kind: 'repeat'; at: number; length: number; times: number }
  | { kind: 'header'; name: string; value: string }
  | { kind: 'line'; method: string; target: string }
  | { kind: 'chunked'; sizes: readonly string[] }

const place = fc.double({ min: 0, max: 1, noNaN: true })
const latin1 = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes))

const tellingHeaders = [
  ...['Host', 'Content-Length', 'Transfer-Encoding', 'Content-Encoding', 'Connection', 'Upgrade', 'Expect'],
  ...['Authorization', 'x-api-key', 'x-goog-api-key', 'x-llmproxy-key', 'x-llmproxy-hop', 'x-session-id'],
  ...['Origin', 'Accept-Encoding', 'Content-Type', 'anthropic-version', 'TE', 'Trailer', 'x-llmproxy-tags'],
]
const tellingValues = [
  ...['', '0', '-1', '99999999999999999999', 'chunked', 'gzip, chunked', 'gzip', 'br', 'zstd', 'identity'],
  ...[
    '127.0.0.1',
    'close',
    'upgrade',
    'websocket',
    '100-continue',
    'null',
    'Bearer',
    'Bearer x',
    '\u00ff',
    '*',
  ],
]
const targets = [
  ...['/', '*', '//', '/v1', '/v1/', '/v1beta/models/', '/v1beta/models/:generateContent', '/v1/models/%'],
  ...[
    '/healthz?x',
    '/openai',
    '/openai/',
    '/openai/v1/chat/completions',
    '/demo/v1/messages',
    'http://',
    '?',
  ],
  ...['http://127.0.0.1/v1/messages', '/v1/files', '/v1/models?key=%', '/v1beta/models/a:b:countTokens'],
]
const methods = ['GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'CONNECT', 'PRI', 'get', '']

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('truncate' as const), at: place }),
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ kind: fc.constant('delete' as const), at: place, length: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    ...{ kind: fc.constant('repeat' as const), at: place },
    ...{ length: fc.integer({ min: 1, max: 80 }), times: fc.integer({ min: 1, max: 200 }) },
  }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.oneof(fc.constantFrom(...tellingHeaders), latin1(20)),
    value: fc.oneof(fc.constantFrom(...tellingValues), latin1(60)),
  }),
  fc.record({
    kind: fc.constant('line' as const),
    method: fc.constantFrom(...methods),
    target: fc.oneof(
      fc.constantFrom(...targets),
      latin1(40).map((text) => `/${text}`),
    ),
  }),
  fc.record({
    kind: fc.constant('chunked' as const),
    sizes: fc.array(fc.constantFrom('1', '5', 'a', 'ffffffff', '-1', 'z', '5;x=y', '0', ''), {
      maxLength: 6,
    }),
  }),
)

export interface FuzzedRequest {
  client: number
  model: string
  stream: boolean
  mutations: Mutation[]
  /** The bytes go out in pieces of so many. */
  pieceBytes: number
}

export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc.record({
  client: fc.integer({ min: 0, max: protocolClients.length - 1 }),
  model: fc.constantFrom('demo:echo', 'm', 'a|b', 'opnai:x', ''),
  stream: fc.boolean(),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
  pieceBytes: fc.constantFrom(1_000_000, 700, 97),
})

/** The bytes of the spoilt request. */
export function fuzzedBytes({ client, model, stream, mutations }: FuzzedRequest): Buffer {
  const { path, body } = protocolClients[client] as (typeof protocolClients)[number]
  const call = rawCall({ path: path(model, stream), body: JSON.stringify(body(model, stream)) })
  return mutations.reduce<Buffer>(mutated, call)
}

function mutated(bytes: Buffer, how: Mutation): Buffer {
  const at = 'at' in how ? Math.floor(how.at * bytes.length) : 0
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (how.kind) {
    case 'truncate':
      return before
    case 'flip': {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at] = (flipped[at] as number) ^ (1 << how.bit)
      return flipped
    }
    case 'insert':
      return Buffer.concat([before, how.bytes, after])
    case 'delete':
      return Buffer.concat([before, after.subarray(how.length)])
    case 'repeat':
      return Buffer.concat([before, ...Array(how.times).fill(after.subarray(0, how.length)), after])
    case 'header':
      return spliced(bytes, '\r\n', `\r\n${how.name}: ${how.value}\r\n`)
    case 'line':
      return Buffer.concat([
        Buffer.from(`${how.method} ${how.target} HTTP/1.1`, 'latin1'),
        bytes.subarray(Math.max(0, bytes.indexOf('\r\n'))),
      ])
    case 'chunked': {
      const chunks = how.sizes.map((size) => `${size}\r\n{"a":\r\n`).join('')
      return spliced(bytes, '\r\n\r\n', `\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
    }
  }
}

/** The first `mark` replaced; the bytes as they are where there is none. */
function spliced(bytes: Buffer, mark: string, text: string): Buffer {
  const at = bytes.indexOf(mark)
  if (at < 0) return bytes
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text, 'latin1'), bytes.subarray(at + mark.length)])
}
