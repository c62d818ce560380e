import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessKeyHash } from '../../src/core/access-key.ts'
import { type ClientShape, carried, clientShapes, codex } from '../credentials/clients.ts'
import { hosts, keyVariables } from '../credentials/hosts.ts'
import {
  credentialsIn,
  everyBackend,
  leaks,
  noMonitoring,
  startWorld,
  type World,
} from '../credentials/world.ts'

/** One of each form, so that no form check keeps them back; the last is configured by its hash alone. */
const accessKeys = [
  'lp_0123456789abcdef0123456789abcdef01234567',
  'sk-ant-api03-AccessKey0123456789abcdef',
  'sk-proj-AccessKey0123456789abcdefghij',
  'AIzaAccessKey0123456789abcdefghijklmnop',
  'only a phrase that somebody chose',
]
const hashed = 'sk-AccessKeyOfWhichOnlyTheHashIsKnown0123'
const allKeys = [...accessKeys, hashed]

const accessPlaces = ['x-llmproxy-key', 'authorization', 'x-api-key', 'x-goog-api-key', 'query']
const loginPlaces = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', 'query']

const auth = {
  api_keys: [
    ...accessKeys.map((key, index) => ({ name: `user-${index}`, key, role: 'admin' })),
    { name: 'hashed', key_sha256: accessKeyHash(hashed), role: 'admin' },
  ],
}

function join(...parts: { headers?: Record<string, string>; query?: string }[]) {
  const query = parts.flatMap((part) => part.query ?? []).join('&')
  return {
    headers: Object.assign({}, ...parts.map(({ headers }) => headers)) as Record<string, string>,
    ...(query === '' ? {} : { query }),
  }
}

describe.each([
  ["the client's own login", 'client', {}],
  ["the client's own login, else the proxy's provider key", 'client_first', keyVariables()],
  ["the proxy's provider key", 'proxy', keyVariables()],
] as const)('where a backend is asked with %s', (_, credentials, env) => {
  let world: World
  beforeAll(async () => {
    const backends = everyBackend(({ keyless }) => (keyless ? {} : { credentials }))
    world = await startWorld({ config: { ...noMonitoring, auth, backends }, env })
  })
  afterAll(() => world.stop())

  /** What the client's provider is to see when the client sent this login. */
  function expected({ provider, login }: ClientShape, hasLogin: boolean): string | null {
    if (hasLogin && credentials !== 'proxy') return login
    return credentials === 'client' ? null : (hosts.find(({ type }) => type === provider)?.key ?? '')
  }

  test('an access key is forwarded from no place, whatever its form, with and without a login beside it', async () => {
    let asked = 0
    for (const client of clientShapes) {
      for (const accessKey of allKeys) {
        for (const place of accessPlaces) {
          for (const loginPlace of [null, ...loginPlaces.filter((other) => other !== place)]) {
            const login = loginPlace === null ? {} : carried(loginPlace, client.login)
            const text = `access-${asked++}.`
            const answer = await world.client.ask(client.spoken, {
              ...{ model: 'm', text },
              ...join(carried(place, accessKey), login),
            })
            const provider = world.fakes.get(client.provider)
            const seen = provider?.requests.find(({ body }) => body.includes(text))
            const wanted = expected(client, loginPlace !== null)
            const got = seen ? Object.values(credentialsIn(seen)).map(withoutBearer) : answer.status
            const about = `${client.name}, ${accessKey} in ${place}, login in ${loginPlace}`
            expect({ [about]: got }).toEqual({ [about]: wanted === null ? 401 : [wanted] })
            expect(world.reached(text)).toEqual(wanted === null ? [] : [client.provider])
          }
        }
      }
    }
    expect(leaks(world.fakes, allKeys)).toEqual([])
    console.log(`credentials: ${asked} requests with an access key, ${credentials}`)
  }, 60_000)

  test('neither is a second access key, nor a copy in every place at once', async () => {
    for (const client of clientShapes) {
      for (const first of allKeys) {
        for (const second of allKeys) {
          const places = accessPlaces.map((place, index) => carried(place, index === 0 ? first : second))
          await world.client.ask(client.spoken, { model: 'm', text: 'two keys', ...join(...places) })
          await world.client.ask(client.spoken, { model: 'm', text: 'one key', ...join(...places.slice(1)) })
        }
      }
    }
    expect(leaks(world.fakes, allKeys)).toEqual([])
  }, 60_000)

  test('nor on paths that pass untouched, on pinned ones, or when lists of models are asked for', async () => {
    let logins = 0
    for (const accessKey of allKeys) {
      for (const place of accessPlaces) {
        const { headers = {}, query } = carried(place, accessKey)
        const question = query === undefined ? '' : `?${query}`
        for (const loginPlace of loginPlaces.filter((other) => other !== place && other !== 'query')) {
          for (const { login } of clientShapes) {
            // A list is kept for the login that it was asked with: a new one each time.
            const all = { ...headers, ...carried(loginPlace, `${login}${logins++}`).headers }
            await world.client.get(`/v1/models${question}`, all)
            await world.client.get(`/v1beta/models${question}`, all)
            await world.client.get(`/v1/models${question}`, { ...all, 'anthropic-version': '2023-06-01' })
          }
        }
        await world.client.post(`/v1/embeddings${question}`, { model: 'm', input: 'x' }, headers)
        await world.client.get(`/v1/files${question}`, headers)
        for (const { type } of hosts) {
          await world.client.get(`/${type}/v1/models${question}`, headers)
          await world.client.post(`/${type}/v1/embeddings${question}`, { model: 'm' }, headers)
          await world.client.post(`/${type}/v1/responses${question}`, { model: 'm', input: 'x' }, headers)
        }
      }
    }
    const models = [...world.fakes.values()].flatMap(({ requests }) =>
      requests.filter(({ url }) => url.includes('/models')),
    )
    expect(models.length).toBeGreaterThan(0)
    expect(leaks(world.fakes, allKeys)).toEqual([])
  }, 60_000)
})

test('of a request whose access key came in a name written with escapes, no host sees it', async () => {
  const [key = ''] = accessKeys
  const world = await startWorld({ config: { ...noMonitoring, auth }, env: keyVariables() })
  try {
    const answer = await world.client.ask(codex.spoken, {
      ...{ model: 'm', text: 'escaped', query: `a=1&k%65y=${key}&b=2` },
      headers: { authorization: `Bearer ${key}` },
    })
    expect(answer.status).toBe(200)
    expect(world.fakes.get('openai')?.requests.map(({ url }) => url)).toContain('/v1/responses?a=1&b=2')
    expect(leaks(world.fakes, allKeys)).toEqual([])
  } finally {
    await world.stop()
  }
})

function withoutBearer(value: string): string {
  return value.replace(/^Bearer /, '')
}
