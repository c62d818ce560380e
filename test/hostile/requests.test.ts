import { afterAll, beforeAll, expect, test } from 'vitest'
import { backendsAt, type ProtocolClient, protocolClients } from '../errors/protocol-clients.ts'
import { generationCall, type RawCall, rawCall } from '../errors/raw-call.ts'
import { type Refusal, testRefusals } from '../errors/refusal-table.ts'
import {
  chatAnswer,
  type FakeProvider,
  type RecordedRequest,
  startFakeProvider,
} from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    config: { backends: backendsAt(provider.origin), logging: { level: 'debug' } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

const noRetry = { shouldRetry: false } as const
const badHost = { status: 400, code: 'bad_host', ...noRetry }
const foreign = { status: 403, code: 'host_refused', ...noRetry }
const badOrigin = { status: 403, code: 'origin_refused', ...noRetry }
const tunnelled = { status: 403, code: 'tunnel_refused', ...noRetry }
const badPath = { status: 400, code: 'bad_path', ...noRetry }
const loop = { status: 508, code: 'loop', words: ['api_url'], ...noRetry }
const upgrade = { status: 426, code: 'upgrade_refused', words: ['not WebSocket'], ...noRetry }
const noRoute = { status: 404, code: 'unknown_route', ...noRetry }

/** The client's own call, changed as said. */
function changed(more: Partial<RawCall>): Refusal['send'] {
  return (client) => generationCall(client, more)
}

/** The client's own call, to a path made of its own. */
function pathed(path: (own: string, client: ProtocolClient) => string): Refusal['send'] {
  return (client) => generationCall(client, { path: path(client.path('some-model'), client) })
}

const behind = (own: string) => own.replace('/v1', '')

const rows: readonly Refusal[] = [
  { name: 'no Host', send: changed({ hosts: [] }), words: ['no Host', 'send the address'], ...badHost },
  { name: 'an empty Host', send: changed({ hosts: [''] }), words: ['no Host'], ...badHost },
  {
    name: 'two Hosts',
    send: changed({ hosts: ['127.0.0.1', '127.0.0.1'] }),
    words: ['send one'],
    ...badHost,
  },
  { name: 'a Host with a login', send: changed({ hosts: ['a@127.0.0.1'] }), words: ['a@127'], ...badHost },
  {
    name: 'a foreign Host',
    send: changed({ hosts: ['evil.example:8000'] }),
    ...{ words: ['allowed_hosts: ["evil.example"]'], ...foreign },
  },
  {
    name: 'an absolute target with another authority',
    send: pathed((own) => `http://evil.example${own}`),
    ...{ words: ['evil.example', 'no forward proxy'], ...badHost },
  },
  {
    name: 'a foreign Origin',
    send: changed({ headers: [['Origin', 'https://evil.example']] }),
    ...{ words: ['allowed_origins: ["https://evil.example"]'], ...badOrigin },
  },
  {
    name: 'the Origin null',
    send: changed({ headers: [['Origin', 'null']] }),
    ...{ words: ['allowed_origins: ["null"]'], ...badOrigin },
  },
  {
    name: 'a loopback Origin beside a foreign one',
    send: changed({
      headers: [
        ['Origin', 'http://localhost'],
        ['Origin', 'https://evil.example'],
      ],
    }),
    ...{ words: ['evil.example'], ...badOrigin },
  },
  {
    name: 'Sec-Fetch-Site: cross-site',
    send: changed({ headers: [['Sec-Fetch-Site', 'cross-site']] }),
    ...{ words: ['cross-site', 'allowed_origins'], ...badOrigin },
  },
  ...['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'Via', 'CF-Connecting-IP'].map((name) => ({
    ...{ name, send: changed({ headers: [[name, '203.0.113.7']] }) },
    ...{ words: [name.toLowerCase(), 'key new NAME', 'trusted_proxies'], ...tunnelled },
  })),
  { name: 'a .. segment', send: pathed((own) => `/v1/x/..${own}`), words: ['".."'], ...badPath },
  { name: 'a . segment', send: pathed((own) => `/.${own}`), words: ['"."'], ...badPath },
  { name: 'an empty segment', send: pathed((own) => `/${own}`), words: ['empty segment'], ...badPath },
  ...['%2e', '%2E%2e', '%2f', '%2F', '%5c', '%00'].map((encoded) => ({
    ...{ name: encoded, send: pathed((own) => `/v1/${encoded}${own}`) },
    ...{ words: [`"${encoded.slice(0, 3)}"`], ...badPath },
  })),
  {
    name: '%2f behind the name of a backend',
    send: pathed((own, client) => `/${client.backend}/v1%2f..${behind(own)}`),
    ...{ words: ['%2f'], ...badPath },
  },
  { name: 'a backslash', send: pathed((own) => `/v1\\..${own}`), words: ['no place in a path'], ...badPath },
  { name: 'half an escape', send: pathed((own) => `/%4${own}`), words: ['hex digits'], ...badPath },
  {
    name: 'an escape that is no UTF-8',
    send: pathed((own) => `/%ff${own}`),
    words: ['not UTF-8'],
    ...badPath,
  },
  {
    name: 'five proxies passed',
    send: changed({ headers: [['x-llmproxy-hop', 'a,b,c,d,e']] }),
    ...loop,
  },
  {
    name: 'a WebSocket',
    send: changed({
      ...{ method: 'GET', body: '', contentLength: null },
      headers: [
        ['Connection', 'Upgrade'],
        ['Upgrade', 'websocket'],
        ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
        ['Sec-WebSocket-Version', '13'],
      ],
    }),
    // A GET of a model's path asks for its description.
    except: ['gemini'],
    ...upgrade,
  },
  {
    name: 'a WebSocket that begins as a call',
    send: changed({ headers: [['Upgrade', 'WebSocket']] }),
    ...upgrade,
  },
  {
    name: 'a path of nobody',
    send: pathed((own) => `/nowhere${behind(own)}`),
    ...{ words: ['no route POST /nowhere', '/v1/…', '/BACKEND/v1/…'], ...noRoute },
  },
  {
    name: 'an unknown backend in the path',
    send: pathed((own, client) => `/${client.backend.slice(0, -1)}${own}`),
    words: [/did you mean (openai|anthropic|gemini)\?/],
    ...{ status: 404, code: 'unknown_backend', ...noRetry },
  },
  {
    name: 'an unknown method, with a provider key of ours',
    send: changed({ method: 'PROPFIND' }),
    ...{ status: 403, code: 'path_refused', words: ['PROPFIND', 'passthrough'], ...noRetry },
    except: ['gemini'],
  },
  {
    name: 'a method that its route does not have',
    send: changed({ method: 'PUT' }),
    except: ['openai-chat', 'openai-responses', 'anthropic-messages'],
    ...{ status: 405, code: 'method_refused', words: ['PUT', 'use POST'], ...noRetry },
  },
]

testRefusals(rows, () => proxy.port)

test('nothing of all this has reached a provider', () => {
  expect(provider.requests.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('a wrong method without an answer of its own has no body either', async () => {
  const { status, text } = await rawRequest(
    proxy.port,
    rawCall({ method: 'HEAD', path: '/v1/messages', contentLength: null }),
  )
  expect({ status, text }).toEqual({ status: 405, text: '' })
})

test('a client that asks for HTTP/2 in passing is served as if it had not', async () => {
  provider.answer(chatAnswer())
  const [client] = protocolClients
  const asking = generationCall(client as ProtocolClient, {
    headers: [
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
    ],
  })
  expect((await rawRequest(proxy.port, asking)).status).toBe(200)
  const { headers } = provider.requests.at(-1) as RecordedRequest
  expect(Object.keys(headers).filter((name) => /upgrade|http2/.test(name))).toEqual([])
})

test.each(['', '%', 'text/plain', 'application/json; charset=x;;=', 'multipart/form-data'])(
  'a call whose content type is %j is served like any other',
  async (type) => {
    provider.answer(chatAnswer())
    const [client] = protocolClients
    const call = generationCall(client as ProtocolClient).toString()
    const typed = call.replace('Content-Type: application/json', `Content-Type: ${type}`)
    expect((await rawRequest(proxy.port, typed)).status).toBe(200)
    expect(provider.requests.at(-1)?.headers['content-type']).toBe(type)
  },
)
