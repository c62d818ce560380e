import { expect, test } from 'vitest'
import { localUrl, proxyAddress } from '../../src/cli/proxy-address.ts'

const configured = () => Promise.resolve({ host: '127.0.0.1', port: 9000 })

test('a flag wins over the variable, the variable over the configuration', async () => {
  const env = { LLMPROXY_URL: 'http://env:1' }
  expect(await proxyAddress({ flag: 'http://flag:1/', env, configured })).toBe('http://flag:1')
  expect(await proxyAddress({ flag: undefined, env, configured })).toBe('http://env:1')
  expect(await proxyAddress({ flag: undefined, env: {}, configured })).toBe('http://127.0.0.1:9000')
})

test('the configuration is not read when the address is said', async () => {
  const broken = () => Promise.reject(new Error('read'))
  expect(await proxyAddress({ flag: 'https://proxy.example/llm', env: {}, configured: broken })).toBe(
    'https://proxy.example/llm',
  )
})

test.each(['localhost:8000', '8000', 'ftp://x', 'http://x/?a=1'])(
  '%s is refused with an example',
  async (flag) => {
    await expect(proxyAddress({ flag, env: {}, configured })).rejects.toThrow(/--url must be .*http:\/\/127/)
  },
)

test.each([
  ['0.0.0.0', 'http://127.0.0.1:80'],
  ['::', 'http://[::1]:80'],
  ['::1', 'http://[::1]:80'],
  ['proxy.lan', 'http://proxy.lan:80'],
])('what is bound to %s is reached at %s', (host, url) => {
  expect(localUrl(host, 80)).toBe(url)
})
