import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createAccess } from '../../src/server/access/access.ts'
import { createAdmission } from '../../src/server/admission.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { rawRequest } from '../support/raw-client.ts'

const adminKey = 'an-admin-key-of-ours'
const userKey = 'alices-key-is-longer'

/** What admission says of a request with this path and these header lines. */
async function admitted(path: string, headers: string): Promise<string> {
  const api_keys = [
    adminKey,
    {
      name: 'alice',
      key: userKey,
      role: 'user' as const,
      models: null,
      usd_per_day: null,
      requests_per_minute: null,
    },
  ]
  const access = createAccess({ disable_auth: false, api_keys, trusted_proxies: [] }, new FakeClock())
  const admission = createAdmission(access, () => ({
    boundHost: '127.0.0.1',
    allowedHosts: [],
    allowedOrigins: [],
    isTrustedProxy: () => false,
    accessKeys: true,
    hopId: 'h_own',
  }))
  const server = createServer((request: IncomingMessage, response) => {
    try {
      admission.guard(request)
      admission.admit(request)
      const caller = admission.callerOf(request)
      response.end(caller.kind === 'key' ? `${caller.name} ${caller.role}` : caller.kind)
    } catch (error) {
      response.end((error as { code: string }).code)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`
  return (await rawRequest(port, request)).text
}

const bearer = (key: string) => `Authorization: Bearer ${key}\r\n`

it.each([
  ['/v1/models', bearer(adminKey), 'admin'],
  ['/v1/models', bearer(userKey), 'alice user'],
  ['/v1/models', '', 'access_key_missing'],
  ['/v1/models', bearer('sk-nobody-has-this-one'), 'access_key_wrong'],
  ['/', '', 'open'],
  ['/healthz', '', 'open'],
  ['/readyz?x', '', 'open'],
  ['/healthz/x', '', 'access_key_missing'],
  ['/internal/health', bearer(userKey), 'role_refused'],
  ['/metrics', bearer(userKey), 'role_refused'],
  ['/%69nternal/health', bearer(userKey), 'role_refused'],
  ['/metricsx', bearer(userKey), 'alice user'],
  ['/internal/health', bearer(adminKey), 'admin'],
  ['/healthz', 'Origin: https://evil.example\r\n', 'origin_refused'],
  ['/v1/models', `${bearer(adminKey)}Origin: https://evil.example\r\n`, 'origin_refused'],
  ['/v1/models', `${bearer(adminKey)}x-llmproxy-hop: h_own\r\n`, 'loop'],
])('%s with %j is %s', async (path, headers, said) => {
  expect(await admitted(path, headers)).toContain(said)
})
