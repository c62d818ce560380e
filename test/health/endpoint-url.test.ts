import { expect, test } from 'vitest'
import { endpointUrl, hostOf } from '../../src/health/endpoint-url.ts'

test.each([
  ['HTTPS://API.Example.COM/v1', 'https://api.example.com/v1'],
  ['https://api.example.com:443/v1', 'https://api.example.com/v1'],
  ['http://api.example.com:80/v1', 'http://api.example.com/v1'],
  ['http://api.example.com:443/v1', 'http://api.example.com:443/v1'],
  ['https://api.example.com/', 'https://api.example.com'],
  ['https://api.example.com', 'https://api.example.com'],
  ['https://api.example.com/v1//', 'https://api.example.com/v1'],
  ['https://api.example.com/V1', 'https://api.example.com/V1'],
  ['https://api.example.com/v1/?api-version=2024&key=secret', 'https://api.example.com/v1'],
  ['https://api.example.com/v1#part', 'https://api.example.com/v1'],
  ['https://user:pass%40word@api.example.com/v1', 'https://api.example.com/v1'],
  ['http://[2001:DB8::1]:8080/v1/', 'http://[2001:db8::1]:8080/v1'],
  ['https://bücher.example/v1', 'https://xn--bcher-kva.example/v1'],
])('%s is the endpoint %s', (apiUrl, url) => {
  expect(endpointUrl(apiUrl)).toBe(url)
})

test('what is no URL is no endpoint', () => {
  expect(endpointUrl('api.example.com/v1')).toBeUndefined()
})

test.each([
  ['http://[::1]:8080/v1', '::1'],
  ['http://127.0.0.1:8080', '127.0.0.1'],
  ['https://api.example.com/v1', 'api.example.com'],
])('%s is pinged at %s', (url, host) => {
  expect(hostOf(url)).toBe(host)
})
