import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backendsAt, type ProtocolClient } from '../errors/protocol-clients.ts'
import { generationCall, type RawCall } from '../errors/raw-call.ts'
import { type Refusal, testRefusals } from '../errors/refusal-table.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { zstdBomb } from './zstd-bomb.ts'

let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    config: { max_body_mb: 0.25, backends: backendsAt(provider.origin), logging: { level: 'debug' } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

const noRetry = { shouldRetry: false } as const
const zeros = Buffer.alloc(64 << 20)
const bombs = {
  gzip: gzipSync(zeros),
  'gzip, gzip': gzipSync(gzipSync(zeros)),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: zstdBomb(64 << 20),
}

function withBody(body: string | ((client: ProtocolClient) => string)): Refusal['send'] {
  return (client) => generationCall(client, { body: typeof body === 'string' ? body : body(client) })
}

/** The client's own body with more members, as text: what no JSON library would write. */
function withMembers(members: string): Refusal['send'] {
  return withBody((client) => `${JSON.stringify(client.body('m')).slice(0, -1)},${members}}`)
}

function encoded(encoding: string, body: Uint8Array): Refusal['send'] {
  return (client) => generationCall(client, { body, headers: [['Content-Encoding', encoding]] })
}

const hugeChunk = {
  contentLength: null,
  headers: [['Transfer-Encoding', 'chunked']],
  body: `${(300_000).toString(16)}\r\n${'x'.repeat(300_000)}\r\n0\r\n\r\n`,
} satisfies Partial<RawCall>
/** Paths that pass untouched are nobody's own: they are answered as OpenAI would. */
const notChat = ['openai-responses', 'anthropic-messages', 'gemini'] as const

const tooLarge = { status: 413, code: 'body_too_large', words: ['0.25 MB', 'max_body_mb'], ...noRetry }
const badJson = { status: 400, code: 'bad_json', ...noRetry }
const notObject = { status: 400, code: 'bad_request', words: ['not an object'], ...noRetry }
const twoModels = {
  ...{ status: 400, code: 'duplicate_model', words: ['two "model" keys', 'send one'] },
  ...{ param: 'model', ...noRetry },
}
const noModel = { status: 400, code: 'model_missing', words: ['add "model"'], param: 'model', ...noRetry }
const unreadable = { status: 400, code: 'bad_encoding', words: [/not valid gzip/], ...noRetry }

const rows: readonly Refusal[] = [
  { name: 'half a body', send: withBody('{"model":"m","a":['), words: ['not JSON'], ...badJson },
  { name: 'words', send: withBody('hello'), words: ['not JSON'], ...badJson },
  { name: 'two objects', send: withBody('{"model":"m"}{}'), words: ['not JSON'], ...badJson },
  { name: 'an empty body', send: withBody(''), words: ['empty', 'JSON object'], ...badJson },
  { name: 'a list', send: withBody('[{"model":"m"}]'), ...notObject },
  { name: 'null', send: withBody('null'), ...notObject },
  { name: 'two model keys', send: withBody('{"model":"a","x":1,"model":"b"}'), ...twoModels },
  {
    name: 'two model keys, one of them escaped',
    send: withBody('{"model":"a","mod\\u0065l":"b"}'),
    ...twoModels,
  },
  { name: 'no model', send: withBody('{"input":"hi","messages":[]}'), except: ['gemini'], ...noModel },
  { name: 'a number for a model', send: withBody('{"model":5}'), except: ['gemini'], ...noModel },
  { name: 'an empty model', send: withBody('{"model":""}'), except: ['gemini'], ...noModel },
  {
    name: 'a model of 300 characters',
    send: (client) => generationCall(client, { model: 'm'.repeat(300) }),
    ...{ status: 400, code: 'model_too_long', words: ['256 characters'], param: 'model', ...noRetry },
  },
  {
    name: '201 levels',
    send: withMembers(`"x":${'['.repeat(200)}${']'.repeat(200)}`),
    ...{ status: 400, code: 'too_deep', words: ['201 levels', 'at most 200'], ...noRetry },
  },
  { name: 'a huge body', send: withMembers(`"x":"${'x'.repeat(300_000)}"`), ...tooLarge },
  {
    name: 'a huge body of unknown length',
    send: (client) => generationCall(client, hugeChunk),
    ...tooLarge,
  },
  {
    name: 'a huge body for a path that passes untouched',
    send: (client) => generationCall(client, { path: '/v1/embeddings', body: Buffer.alloc(300_000, 'x') }),
    ...{ ...tooLarge, except: notChat },
  },
  {
    name: 'a huge body of unknown length for a path that passes untouched',
    send: (client) => generationCall(client, { path: '/v1/embeddings', ...hugeChunk }),
    ...{ ...tooLarge, except: notChat },
  },
  ...Object.entries(bombs).map(([encoding, bomb]) => ({
    ...{ name: `a bomb in ${encoding}`, send: encoded(encoding, bomb), ...tooLarge },
  })),
  { name: 'gzip that is none', send: encoded('gzip', Buffer.from('{"model":"m"}')), ...unreadable },
  {
    name: 'an unknown encoding',
    send: encoded('lzma', Buffer.from('{"model":"m"}')),
    ...{ status: 415, code: 'unsupported_encoding', words: ['lzma', 'use gzip, br, zstd'], ...noRetry },
  },
]

testRefusals(rows, () => proxy.port)

test('nothing of all this has reached a provider', () => {
  expect(Math.max(...Object.values(bombs).map((bomb) => bomb.length))).toBeLessThan(250_000)
  expect(provider.requests.filter(({ method }) => method === 'POST')).toEqual([])
})
