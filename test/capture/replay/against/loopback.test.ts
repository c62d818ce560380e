import { expect, it } from 'vitest'
import { isLoopbackUrl } from '../../../../src/capture/replay/against/loopback.ts'

it.each([
  ['http://127.0.0.1:8000'],
  ['http://127.255.255.254'],
  ['http://localhost:8000/base'],
  ['http://LOCALHOST'],
  ['https://[::1]:8000'],
  // As every client reads it.
  ['http://2130706433:8000'],
  ['http://0x7f.1'],
])('%s is this machine', (url) => {
  expect(isLoopbackUrl(url)).toBe(true)
})

it.each([
  ['http://192.0.2.1:9'],
  ['http://10.0.0.1'],
  ['http://0.0.0.0:8000'],
  ['http://[::]:8000'],
  ['http://localhost.evil.com'],
  ['http://evil.localhost'],
  ['http://localhost.'],
  ['http://127.0.0.1.nip.io'],
  ['http://127.0.0.1.evil.com:8000'],
  ['http://1270.0.0.1'],
  ['http://134744072'],
  ['http://0x8.0x8.0x8.0x8'],
  ['http://[::ffff:8.8.8.8]'],
  ['http://[::ffff:127.0.0.1]'],
  ['http://[fe80::1]'],
  ['http://127.0.0.1@evil.com'],
  ['http://127.0.0.1:80@evil.com'],
  ['http://localhost%2f@evil.com'],
  ['http://user:key@127.0.0.1:8000'],
  ['http://evil.com#@127.0.0.1'],
  ['http://evil.com\\@127.0.0.1'],
  ['ftp://127.0.0.1'],
  ['file:///etc/passwd'],
  ['127.0.0.1:8000'],
  [''],
])('%s is not, or may not be', (url) => {
  expect(isLoopbackUrl(url)).toBe(false)
})
