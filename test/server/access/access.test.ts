import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AccessKeyConfig } from '../../../src/config/schema.ts'
import { ProxyError } from '../../../src/core/errors.ts'
import type { HeaderPairs } from '../../../src/core/http.ts'
import { type AccessSettings, createAccess } from '../../../src/server/access/access.ts'
import { withoutAccessKeys } from '../../../src/server/access/key-places.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const adminKey = 'an-admin-key-of-ours'
const aliceKey = 'alice-has-this-one'

const alice: AccessKeyConfig = {
  name: 'alice',
  key_sha256: createHash('sha256').update(aliceKey).digest('hex').toUpperCase(),
  role: 'user',
  models: ['claude-*', 'openai:gpt-4o'],
  usd_per_day: 40,
  requests_per_minute: 2,
}

function access(changed: Partial<AccessSettings> = {}) {
  const clock = new FakeClock()
  const settings = { disable_auth: false, api_keys: [adminKey, alice], trusted_proxies: [], ...changed }
  return { clock, settings, access: createAccess(settings, clock) }
}

function thrownBy(run: () => unknown): ProxyError | null {
  try {
    run()
    return null
  } catch (thrown) {
    if (thrown instanceof ProxyError) return thrown
    throw thrown
  }
}

const bearer = (key: string): HeaderPairs => [['authorization', `Bearer ${key}`]]

describe('identify', () => {
  it('asks for nothing where no access keys are configured, or authentication is off', () => {
    for (const changed of [{ api_keys: [] }, { disable_auth: true }]) {
      expect(access(changed).access.identify(bearer('sk-own'), '/v1', '127.0.0.1')).toEqual({ kind: 'open' })
      expect(access(changed).access.keyCount).toBe(0)
    }
  })

  it.each([
    ['x-llmproxy-key', [['x-llmproxy-key', aliceKey]], '/v1/messages'],
    ['authorization', [['authorization', `bearer  ${aliceKey}`]], '/v1/messages'],
    ['x-api-key', [['x-api-key', ` ${aliceKey} `]], '/v1/messages'],
    ['x-goog-api-key', [['x-goog-api-key', aliceKey]], '/v1/messages'],
    ['query', [], `/v1beta/models?alt=sse&key=${encodeURIComponent(aliceKey)}`],
  ] as [string, HeaderPairs, string][])('takes an access key from %s', (place, headers, rawUrl) => {
    expect(access().access.identify(headers, rawUrl, '127.0.0.1')).toEqual({
      kind: 'key',
      name: 'alice',
      role: 'user',
      models: ['claude-*', 'openai:gpt-4o'],
      requestsPerMinute: 2,
      usdPerDay: 40,
      keyHash: createHash('sha256').update(aliceKey).digest('hex'),
      accessKeyHeader: place,
      accessKeyPlaces: [place],
    })
  })

  it('makes the owner of a plain string an admin without limits', () => {
    expect(access().access.identify(bearer(adminKey), '/v1', '127.0.0.1')).toMatchObject({
      name: 'admin',
      role: 'admin',
      models: null,
      requestsPerMinute: null,
    })
  })

  it('leaves the client its own credential beside x-llmproxy-key', () => {
    const headers: HeaderPairs = [
      ['authorization', 'Bearer sk-ant-oat01-own'],
      ['x-llmproxy-key', aliceKey],
    ]
    const caller = access().access.identify(headers, '/v1', '127.0.0.1')
    expect(caller).toMatchObject({ accessKeyHeader: 'x-llmproxy-key', accessKeyPlaces: ['x-llmproxy-key'] })
    const places = caller.kind === 'key' ? caller.accessKeyPlaces : []
    expect(withoutAccessKeys(headers, places)).toEqual([['authorization', 'Bearer sk-ant-oat01-own']])
  })

  it('does not let a right access key elsewhere stand in for a wrong x-llmproxy-key', () => {
    const headers: HeaderPairs = [['x-llmproxy-key', 'wrong'], ...bearer(aliceKey)]
    expect(thrownBy(() => access().access.identify(headers, '/v1', '127.0.0.1'))?.code).toBe(
      'access_key_wrong',
    )
  })

  it('takes whichever place holds an access key, and names every place that does', () => {
    const headers: HeaderPairs = [
      ['authorization', 'Bearer sk-own'],
      ['x-api-key', aliceKey],
      ['x-goog-api-key', adminKey],
    ]
    expect(access().access.identify(headers, '/v1', '127.0.0.1')).toMatchObject({
      name: 'alice',
      accessKeyHeader: 'x-api-key',
      accessKeyPlaces: ['x-api-key', 'x-goog-api-key'],
    })
  })

  it('says how to send an access key when there is none', () => {
    for (const headers of [[], bearer(''), [['authorization', 'Basic abc']]] as HeaderPairs[]) {
      const error = thrownBy(() => access().access.identify(headers, '/v1?key=', '127.0.0.1'))
      expect(error).toMatchObject({ code: 'access_key_missing', status: 401 })
      expect(error?.message).toContain('x-llmproxy-key')
    }
  })

  it('says where a wrong one stood, and never the value', () => {
    const headers: HeaderPairs = [...bearer('sk-wrong'), ['x-api-key', 'dummy']]
    const error = thrownBy(() => access().access.identify(headers, '/v1', '127.0.0.1'))
    expect(error).toMatchObject({ code: 'access_key_wrong', status: 401 })
    expect(error?.message).toMatch(/authorization and x-api-key.*access key/)
    expect(error?.message).not.toMatch(/sk-wrong|dummy/)
  })

  it('refuses a removed access key after a reload, and takes a new one', () => {
    const { access: running, settings } = access()
    running.configure({ ...settings, api_keys: ['a-newly-made-access-key'] })
    expect(thrownBy(() => running.identify(bearer(aliceKey), '/v1', '127.0.0.1'))?.code).toBe(
      'access_key_wrong',
    )
    expect(running.identify(bearer('a-newly-made-access-key'), '/v1', '127.0.0.1')).toMatchObject({
      name: 'admin',
    })
  })
})

describe('wrong access keys', () => {
  function attempts(changed: Partial<AccessSettings> = {}) {
    const { access: running, clock } = access(changed)
    const attempt = (key: string, address = '9.9.9.9', headers: HeaderPairs = []) =>
      thrownBy(() => running.identify([...bearer(key), ...headers], '/v1', address))
    return { clock, attempt, running }
  }

  it('are turned away from the sixth distinct one on, for twice as long each time, up to an hour', () => {
    const { attempt } = attempts()
    for (let i = 1; i <= 5; i++) expect(attempt(`wrong-${i}`)?.code).toBe('access_key_wrong')
    const waits = Array.from({ length: 8 }, (_, i) => attempt(`wrong-${i + 6}`))
    expect(waits.map((error) => error?.code)).toEqual(Array(8).fill('too_many_wrong_keys'))
    expect(waits.map((error) => error?.status)).toEqual(Array(8).fill(429))
    const minutes = waits.map((error) => (error?.retryAfterMs ?? 0) / 60_000)
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('count once each, so that a client with an old one never locks its address out', () => {
    const { attempt } = attempts()
    for (let i = 0; i < 50; i++) expect(attempt(`wrong-${i % 5}`)?.code).toBe('access_key_wrong')
  })

  it('never refuse a right one from the same address', () => {
    const { attempt } = attempts()
    for (let i = 0; i < 20; i++) attempt(`wrong-${i}`)
    expect(attempt(aliceKey)).toBeNull()
    expect(attempt('wrong-0')?.code).toBe('too_many_wrong_keys')
  })

  it('are forgotten after fifteen minutes', () => {
    const { attempt, clock } = attempts()
    for (let i = 0; i < 5; i++) attempt(`wrong-${i}`)
    clock.advance(15 * 60_000)
    expect(attempt('wrong-5')?.code).toBe('access_key_wrong')
  })

  it('may be tried again when the wait is over', () => {
    const { attempt, clock } = attempts()
    for (let i = 0; i < 6; i++) attempt(`wrong-${i}`)
    clock.advance(59_000)
    expect(attempt('wrong-1')?.retryAfterMs).toBe(1000)
    clock.advance(1000)
    expect(attempt('wrong-1')?.code).toBe('access_key_wrong')
  })

  it('count by address: IPv4 as it is, also mapped into IPv6, and IPv6 by its /64', () => {
    const { attempt } = attempts()
    for (let i = 0; i < 6; i++) attempt(`wrong-${i}`, i % 2 ? '9.9.9.9' : '::ffff:9.9.9.9')
    expect(attempt('again', '9.9.9.9')?.code).toBe('too_many_wrong_keys')
    expect(attempt('again', '9.9.9.8')?.code).toBe('access_key_wrong')
    for (let i = 0; i < 6; i++) attempt(`wrong-${i}`, `2001:db8:0:1::${i + 1}`)
    expect(attempt('again', '2001:db8:0:1:ffff::1')?.code).toBe('too_many_wrong_keys')
    expect(attempt('again', '2001:db8:0:2::1')?.code).toBe('access_key_wrong')
  })

  it('count for the address that a trusted proxy names, and not for the one that anybody names', () => {
    const from = (address: string): HeaderPairs => [['x-forwarded-for', `6.6.6.6, ${address}`]]
    const { attempt } = attempts({ trusted_proxies: ['10.0.0.0/8'] })
    for (let i = 0; i < 6; i++) attempt(`wrong-${i}`, '10.0.0.1', from('7.7.7.7:1234, 10.1.1.1'))
    expect(attempt('again', '10.0.0.1', from('7.7.7.7'))?.code).toBe('too_many_wrong_keys')
    expect(attempt('again', '10.0.0.1', from('7.7.7.8'))?.code).toBe('access_key_wrong')
    expect(attempt('again', '8.8.8.8', from('7.7.7.7'))?.code).toBe('access_key_wrong')
  })
})

describe('takeRequest', () => {
  it('refuses what is over the limit of a minute, and says when the next one is free', () => {
    const { access: running, clock } = access()
    const caller = running.identify(bearer(aliceKey), '/v1', '127.0.0.1')
    running.takeRequest(caller)
    clock.advance(20_000)
    running.takeRequest(caller)
    clock.advance(10_000)
    const error = thrownBy(() => running.takeRequest(caller))
    expect(error).toMatchObject({
      code: 'request_limit',
      status: 429,
      retryAfterMs: 30_000,
      shouldRetry: false,
    })
    expect(error?.message).toMatch(/access key of "alice".*2 requests.*30 s/)
    clock.advance(30_000)
    running.takeRequest(caller)
    expect(thrownBy(() => running.takeRequest(caller))?.retryAfterMs).toBe(20_000)
  })

  it('leaves callers without a limit alone', () => {
    const { access: running } = access()
    const admin = running.identify(bearer(adminKey), '/v1', '127.0.0.1')
    for (let i = 0; i < 500; i++) running.takeRequest(admin)
    for (let i = 0; i < 500; i++) running.takeRequest({ kind: 'open' })
  })
})
