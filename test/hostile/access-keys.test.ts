import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectError } from '../errors/error-shapes.ts'
import { backendsAt, type ProtocolClient, protocolClients } from '../errors/protocol-clients.ts'
import { generationCall, rawCall } from '../errors/raw-call.ts'
import { expectAlive } from '../errors/refusal-table.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

const rightKey = 'lp_right_0123456789abcdef'
const otherKey = 'lp_other_0123456789abcdef'
/** One for each client, good for one request a minute. */
const countedKey = (client: ProtocolClient) => `lp_counted_${client.protocol}_0123456789`
const narrowKey = 'lp_narrow_0123456789abcdef'
let provider: FakeProvider
let proxy: TestProxy

beforeAll(async () => {
  provider = await startFakeProvider()
  proxy = await startTestProxy({
    config: {
      auth: {
        api_keys: [
          rightKey,
          { name: 'other', key: otherKey },
          ...protocolClients.map((client) => ({
            name: `counted ${client.protocol}`,
            key: countedKey(client),
            requests_per_minute: 1,
          })),
          { name: 'narrow', key: narrowKey, models: ['claude-*'] },
        ],
        // So that each test can come from an address of its own.
        trusted_proxies: ['127.0.0.1'],
      },
      backends: backendsAt(provider.origin),
    },
  })
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

let addresses = 0
const newAddress = () => `203.0.113.${++addresses}`

/** A generation call of this client from an address, with a key where its SDK puts it; null sends none. */
function call(client: ProtocolClient, key: string | null, from = newAddress(), more: object = {}) {
  const keys = key === null ? [] : [client.keyHeader(key)]
  return rawRequest(
    proxy.port,
    generationCall(client, { headers: [['X-Forwarded-For', from], ...keys], ...more }),
  )
}

describe.each(protocolClients)('a client of $protocol', (client) => {
  const place = client.keyHeader('')[0]

  test('without an access key is told where to put one', async () => {
    const words = ['access key', 'x-llmproxy-key']
    const expected = { status: 401, code: 'access_key_missing', words, shouldRetry: false }
    expectError(client.protocol, await call(client, null), expected)
    await expectAlive(proxy.port)
  })

  test('with a wrong one is told which it was, but not its value', async () => {
    const answer = await call(client, 'lp_wrong_0123456789abcdef')
    const words = [`what came as ${place}`, 'no access key', 'x-llmproxy-key']
    expectError(client.protocol, answer, { status: 401, code: 'access_key_wrong', words, shouldRetry: false })
    expect(answer.text).not.toContain('lp_wrong')
  })

  test('is told to wait after the sixth wrong one, and not for repeating one', async () => {
    const from = newAddress()
    const statuses: number[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e', 'a', 'e']) {
      statuses.push((await call(client, `lp_wrong_${name}_0123456789`, from)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401])
    const sixth = await call(client, 'lp_wrong_f_0123456789', from)
    const words = ['too many wrong access keys', 'a right access key passes']
    expectError(client.protocol, sixth, {
      status: 429,
      code: 'too_many_wrong_keys',
      words,
      retryAfter: true,
      shouldRetry: false,
    })
    expect((await call(client, rightKey, from)).status).toBe(200)
    expect((await call(client, otherKey, from)).status).toBe(200)
    await expectAlive(proxy.port)
  })

  test('over its requests per minute gets its quota error, and nobody else does', async () => {
    expect((await call(client, countedKey(client))).status).toBe(200)
    const words = [`"counted ${client.protocol}"`, '1 requests a minute', 'the next one in']
    const limit = { status: 429, code: 'request_limit', words, shouldRetry: false, retryAfter: true }
    expectError(client.protocol, await call(client, countedKey(client)), limit)
    expect((await call(client, otherKey)).status).toBe(200)
  })

  test('may not ask for a model that its key does not have', async () => {
    const words = ['GET /v1/models', '`models`']
    const refused = { status: 403, code: 'model_refused', words, param: 'model', shouldRetry: false }
    expectError(client.protocol, await call(client, narrowKey, newAddress(), { model: 'gpt-5' }), refused)
    expect((await call(client, narrowKey, newAddress(), { model: 'claude-opus' })).status).toBe(200)
  })
})

test('wrong keys in any number keep no right key out, neither of their own address nor of another', async () => {
  const [client] = protocolClients as readonly [ProtocolClient]
  const attacker = newAddress()
  const honest = newAddress()
  const wrong = Array.from({ length: 60 }, (_, i) => call(client, `lp_guess_${i}_0123456789`, attacker))
  const right = Array.from({ length: 30 }, (_, i) =>
    call(client, i % 2 === 0 ? rightKey : otherKey, i % 3 === 0 ? attacker : honest),
  )
  const statuses = (await Promise.all(right)).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200]))
  const refusals = (await Promise.all(wrong)).map(({ status }) => status)
  expect(refusals.filter((status) => status === 429)).toHaveLength(55)
  expect(refusals.filter((status) => status === 401)).toHaveLength(5)
})

test('a right key counts beside a wrong one that is the client’s own for its provider', async () => {
  const [client] = protocolClients as readonly [ProtocolClient]
  const own = 'sk-own-provider-key-0123456789'
  const answer = await rawRequest(
    proxy.port,
    generationCall(client, { headers: [client.keyHeader(own), ['x-llmproxy-key', rightKey]] }),
  )
  expect(answer.status).toBe(200)
})

test.each([
  '/internal/health',
  '/metrics',
  '/%69nternal/health',
  '/internal%2Fhealth',
  'http://127.0.0.1/metrics',
])('%s is closed to everybody without a key, and to users', async (path) => {
  const get = (headers: [string, string][]) =>
    rawRequest(proxy.port, rawCall({ method: 'GET', path, headers, contentLength: null }))
  const withoutKey = await get([['X-Forwarded-For', newAddress()]])
  const ofUser = await get([['x-llmproxy-key', otherKey]])
  const encodedSlash = path.includes('%2F')
  expect([withoutKey.status, ofUser.status]).toEqual(encodedSlash ? [400, 400] : [401, 403])
  if (!encodedSlash) expect(ofUser.text).toContain('"role_refused"')
})

test.each(['/healthz', '/readyz', '/'])('%s needs no key and says nothing but the state', async (path) => {
  const answer = await rawRequest(proxy.port, rawCall({ method: 'GET', path, contentLength: null }))
  expect(answer.status).toBe(200)
  const said = Object.keys(JSON.parse(answer.text) as object)
  expect(said.filter((key) => !['status', 'name', 'version'].includes(key))).toEqual([])
})
