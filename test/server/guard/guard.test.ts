import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { addressTest } from '../../../src/server/guard/addresses.ts'
import { guardRequest } from '../../../src/server/guard/guard.ts'
import type { GuardedRequest, GuardPolicy } from '../../../src/server/guard/policy.ts'

const policy: GuardPolicy = {
  boundHost: '127.0.0.1',
  allowedHosts: [],
  allowedOrigins: [],
  isTrustedProxy: () => false,
  accessKeys: false,
  hopId: 'our-own-hop',
}

const local: GuardedRequest = {
  headers: [['host', '127.0.0.1:8000']],
  rawUrl: '/v1/models',
  remoteAddress: '127.0.0.1',
  boundAddress: '127.0.0.1',
}

function verdict(request: Partial<GuardedRequest>, changed: Partial<GuardPolicy> = {}): ProxyError | null {
  try {
    guardRequest({ ...local, ...request }, { ...policy, ...changed })
    return null
  } catch (thrown) {
    if (thrown instanceof ProxyError) return thrown
    throw thrown
  }
}

const hosts = (...values: string[]) => ({ headers: values.map((value) => ['host', value] as const) })
const withHeaders = (...pairs: [string, string][]) => ({ headers: [...local.headers, ...pairs] })
const outcome = (error: ProxyError | null) => error && { code: error.code, status: error.status }

describe('Host', () => {
  it.each([
    'localhost',
    'localhost:1',
    'LOCALHOST:9999',
    'localhost.:8000',
    'me.localhost:3000',
    '127.0.0.1',
    '127.200.3.4:80',
    '[::1]',
    '[::1]:8000',
    '[0:0:0:0:0:0:0:1]:8000',
  ])('lets the loopback name %s through, whatever its port', (host) => {
    expect(verdict(hosts(host))).toBeNull()
  })

  it.each([
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'notlocalhost',
    '10.0.0.5',
    '[fe80::1]',
  ])('refuses %s, and names the line to add', (host) => {
    const error = verdict(hosts(host))
    expect(outcome(error)).toEqual({ code: 'host_refused', status: 403 })
    const name = host.replace(/:8000$/, '')
    expect(error?.message).toContain(`auth: {allowed_hosts: ["${name}"]}`)
  })

  it('lets the bound address, the address that the connection came in on and allowed hosts through', () => {
    const beyond = { boundHost: '0.0.0.0', allowedHosts: ['gateway.corp', 'other.corp:8443', 'fd00::7'] }
    const at = { boundAddress: '::ffff:192.168.1.5' }
    for (const host of ['192.168.1.5:8000', 'Gateway.corp:80', 'other.corp:8443', '[fd00::7]:8000']) {
      expect(verdict({ ...hosts(host), ...at }, beyond), host).toBeNull()
    }
    for (const host of ['192.168.1.6', 'other.corp:80', 'a.gateway.corp']) {
      expect(verdict({ ...hosts(host), ...at }, beyond)?.code, host).toBe('host_refused')
    }
    expect(verdict(hosts('Box.lan'), { boundHost: 'box.lan' })).toBeNull()
  })

  it.each([
    ['none', []],
    ['an empty one', ['']],
    ['two of them', ['127.0.0.1', '127.0.0.1']],
    ['one with user info', ['localhost@evil.example']],
    ['one with a path', ['localhost/x']],
    ['a broken address', ['[::1']],
    ['a broken port', ['localhost:99999']],
  ])('is 400 for %s', (_, values) => {
    expect(outcome(verdict(hosts(...values)))).toEqual({ code: 'bad_host', status: 400 })
  })

  it('must agree with an absolute request target', () => {
    expect(verdict({ ...hosts('127.0.0.1:8000'), rawUrl: 'http://127.0.0.1:8000/v1/models' })).toBeNull()
    expect(verdict({ ...hosts('localhost'), rawUrl: 'http://LOCALHOST:80/v1/models' })).toBeNull()
    for (const rawUrl of [
      'http://api.openai.com/v1/models',
      'http://127.0.0.1:8001/v1',
      'http://a@127.0.0.1:8000/v1',
    ]) {
      expect(outcome(verdict({ rawUrl })), rawUrl).toEqual({ code: 'bad_host', status: 400 })
    }
  })
})

describe('Origin', () => {
  it.each(['http://localhost:3000', 'https://app.localhost', 'http://127.0.0.1', 'http://[::1]:5173'])(
    'lets the loopback origin %s through',
    (origin) => {
      expect(verdict(withHeaders(['origin', origin], ['sec-fetch-site', 'cross-site']))).toBeNull()
    },
  )

  it.each([
    'null',
    'https://evil.example',
    'http://localhost.evil.example',
    'http://localhost@evil.example',
    'http://evil.example/http://localhost',
    'chrome-extension://abcdef',
    '',
  ])('refuses the origin "%s", and names the line to add', (origin) => {
    const error = verdict(withHeaders(['origin', origin]))
    expect(outcome(error)).toEqual({ code: 'origin_refused', status: 403 })
    expect(error?.message).toContain(`auth: {allowed_origins: ["${origin}"]}`)
  })

  it('lets an allowed origin through, though browsers call it cross-site, and no other beside it', () => {
    const allowed = { allowedOrigins: ['https://app.example.com', 'null'] }
    const origin = ['origin', 'https://APP.example.com'] as [string, string]
    expect(verdict(withHeaders(origin, ['sec-fetch-site', 'cross-site']), allowed)).toBeNull()
    expect(verdict(withHeaders(['origin', 'null']), allowed)).toBeNull()
    expect(verdict(withHeaders(origin, ['origin', 'https://evil.example']), allowed)?.code).toBe(
      'origin_refused',
    )
  })

  it('refuses what a page of another site loads without an Origin', () => {
    expect(verdict(withHeaders(['sec-fetch-site', 'cross-site']))?.code).toBe('origin_refused')
    expect(verdict(withHeaders(['sec-fetch-site', 'same-origin']))).toBeNull()
    expect(verdict(withHeaders(['sec-fetch-site', 'none']))).toBeNull()
  })

  it('never shows escape sequences of an origin', () => {
    expect(verdict(withHeaders(['origin', 'https://x\u001b[2J']))?.message).toContain('https://x␛[2J')
  })
})

describe('tunnels', () => {
  const forwarding = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'cf-connecting-ip']

  it.each(forwarding)('refuses %s without access keys, and names the command that makes one', (name) => {
    const error = verdict(withHeaders([name, '1.2.3.4']))
    expect(outcome(error)).toEqual({ code: 'tunnel_refused', status: 403 })
    expect(error?.message).toContain('llmproxy key new')
    expect(error?.message).toContain(name)
  })

  it.each(forwarding)('lets %s through with access keys, or from a trusted proxy', (name) => {
    expect(verdict(withHeaders([name, '1.2.3.4']), { accessKeys: true })).toBeNull()
    const isTrustedProxy = addressTest(['127.0.0.0/8'])
    expect(verdict(withHeaders([name, '1.2.3.4']), { isTrustedProxy })).toBeNull()
    const other = addressTest(['10.0.0.0/8'])
    expect(verdict(withHeaders([name, '1.2.3.4']), { isTrustedProxy: other })?.code).toBe('tunnel_refused')
  })
})

describe('paths', () => {
  it.each([
    '/',
    '/?a=1',
    '/v1/models?x=../..&y=%2e%2F',
    '/v1beta/models/gemini-2.5-pro:generateContent',
    '/v1/models/a..b/c...d/.e',
    '/v1/models/caf%C3%A9',
  ])('lets %s through', (rawUrl) => {
    expect(verdict({ rawUrl })).toBeNull()
  })

  it.each([
    '/v1/../internal/health',
    '/openai/./v1/models',
    '/openai/..',
    '//v1/models',
    '/v1//models',
    '/v1/models/',
    '/openai/%2e%2E/x',
    '/openai/a%2Fb',
    '/openai/a%2fb',
    '/openai/a%5Cb',
    '/openai/a\\b',
    '/openai/a%00b',
    '/openai/a#b',
    '/openai/a%zz',
    '/openai/\u00e9',
    'v1/models',
    '*',
    'http://127.0.0.1:8000/v1/../x',
  ])('is 400 for %s', (rawUrl) => {
    expect(outcome(verdict({ rawUrl }))).toEqual({ code: 'bad_path', status: 400 })
  })

  it('never lets a path through that a server would read as another', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '..',
      '/',
      '%2e',
      '%2E',
      '%2F',
      '%5c',
      '\\',
      '%00',
      'v1',
      '?',
      '%41',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const rawUrl = `/${pieces.join('')}`
        if (verdict({ rawUrl }) !== null) return
        const read = new URL(rawUrl, 'http://127.0.0.1')
        expect(read.host).toBe('127.0.0.1')
        expect(read.pathname).toBe(rawUrl.split('?')[0])
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hops', () => {
  it('refuses a request that has passed here before', () => {
    const error = verdict(withHeaders(['x-llmproxy-hop', 'aa'], ['x-llmproxy-hop', 'bb, our-own-hop']))
    expect(outcome(error)).toEqual({ code: 'loop', status: 508 })
    expect(error?.message).toContain('api_url')
  })

  it('lets four other proxies through and refuses a fifth', () => {
    expect(verdict(withHeaders(['x-llmproxy-hop', 'a,b,c,d']))).toBeNull()
    expect(verdict(withHeaders(['x-llmproxy-hop', 'a,b,c,d,e']))?.status).toBe(508)
  })
})
