import { expect, test } from 'vitest'
import { pastOutboundLines, pastOutboundProxies } from '../../../src/cli/clients/outbound-proxies.ts'

const here = '127.0.0.1,localhost,::1'

test.each<[NodeJS.ProcessEnv, string | undefined]>([
  [{}, undefined],
  [{ HTTP_PROXY: '' }, undefined],
  [{ HTTP_PROXY: 'http://out:3128', NO_PROXY: here }, undefined],
  [{ HTTP_PROXY: 'http://out:3128' }, here],
  [{ https_proxy: 'http://out:3128', NO_PROXY: 'intern, 10.0.0.0/8' }, `intern,10.0.0.0/8,${here}`],
  [{ ALL_PROXY: 'socks5://out', NO_PROXY: 'a', no_proxy: 'b,localhost' }, 'a,b,localhost,127.0.0.1,::1'],
])('with %j the calls to this machine stay on it: %j', (env, list) => {
  expect(pastOutboundProxies(env)).toEqual(list === undefined ? {} : { NO_PROXY: list, no_proxy: list })
})

test('as lines for a shell, where the proxy is on this machine', () => {
  const env = { HTTP_PROXY: 'http://out:3128' }
  expect(pastOutboundLines(env, 'http://[::1]:8000')).toEqual([
    `export NO_PROXY=${here}`,
    `export no_proxy=${here}`,
  ])
  expect(pastOutboundLines(env, 'https://llm.example.org')).toEqual([])
})
