import { expect, it } from 'vitest'
import { decideStart } from '../../../src/server/access/start-decision.ts'

const fresh = () => 'lp_fresh'
const open = { disable_auth: false, api_keys: [] }

it.each(['127.0.0.1', 'localhost', '::1', '[::1]', '127.3.2.1'])(
  'lets %s start without access keys',
  (host) => {
    const expected = { allowed: true, apiKeys: [], warnings: [] }
    // Also where some are configured, if nobody is to be asked for them.
    for (const api_keys of [[], ['configured-access-key']]) {
      const auth = { disable_auth: true, api_keys }
      expect(decideStart({ host, port: 8000 }, auth, 'lp_from_the_environment', fresh)).toEqual(expected)
    }
  },
)

it.each(['0.0.0.0', '::', '192.168.1.5', 'box.lan'])(
  'refuses %s without an access key, with the line that works',
  (host) => {
    const decision = decideStart({ host, port: 8000 }, open, undefined, fresh)
    expect(decision).toMatchObject({ allowed: false })
    expect(decision.allowed ? '' : decision.message).toMatch(
      new RegExp(`access keys.*\\n  LLMPROXY_API_KEY=lp_fresh llmproxy serve --host ${host}$`),
    )
  },
)

it('takes LLMPROXY_API_KEY as an admin access key, and warns that it travels in clear', () => {
  const decision = decideStart({ host: '0.0.0.0', port: 8000 }, open, 'lp_from_the_environment', fresh)
  expect(decision).toMatchObject({ allowed: true, apiKeys: ['lp_from_the_environment'] })
  expect(decision.allowed && decision.warnings).toEqual([expect.stringMatching(/in clear.*TLS/)])
})

it('prefers configured access keys to the variable', () => {
  const decision = decideStart(
    { host: '0.0.0.0', port: 8000 },
    { ...open, api_keys: ['configured-access-key'] },
    'lp_other_in_environment',
  )
  expect(decision).toMatchObject({ allowed: true, apiKeys: ['configured-access-key'] })
})

it('refuses a variable that is too short to be safe', () => {
  const decision = decideStart({ host: '0.0.0.0', port: 8000 }, open, 'short', fresh)
  expect(decision.allowed ? '' : decision.message).toContain('16 characters')
})

it.each([
  [[], 'LLMPROXY_AUTH_DISABLE_AUTH=false LLMPROXY_API_KEY=lp_fresh llmproxy serve --host 0.0.0.0'],
  [['configured-access-key'], 'LLMPROXY_AUTH_DISABLE_AUTH=false llmproxy serve --host 0.0.0.0'],
])('refuses disable_auth beyond loopback with access keys %j', (keys, line) => {
  const decision = decideStart(
    { host: '0.0.0.0', port: 8000 },
    { disable_auth: true, api_keys: keys },
    undefined,
    fresh,
  )
  expect(decision.allowed ? '' : decision.message).toContain(`disable_auth is true`)
  expect(decision.allowed ? '' : decision.message.endsWith(line)).toBe(true)
})

it('the line that works keeps a port of the user’s own', () => {
  const decision = decideStart({ host: '0.0.0.0', port: 9000 }, open, undefined, fresh)
  expect(decision.allowed ? '' : decision.message).toMatch(/--host 0\.0\.0\.0 --port 9000$/)
})
