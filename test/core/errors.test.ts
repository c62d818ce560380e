import { expect, it } from 'vitest'
import { asProxyError, errorKinds, ProxyError } from '../../src/core/errors.ts'

it('has the status and retry word of its code, unless it is told others', () => {
  expect(new ProxyError('bad_json', 'x')).toMatchObject({ status: 400, shouldRetry: false, param: null })
  expect(new ProxyError('backend_timeout', 'x')).toMatchObject({ status: 504, shouldRetry: null })
  expect(
    new ProxyError('backend_error', 'x', { status: 429, retryAfterMs: 5, shouldRetry: true }),
  ).toMatchObject({
    status: 429,
    retryAfterMs: 5,
    shouldRetry: true,
  })
})

it('keeps its cause', () => {
  const cause = new Error('cause')
  expect(new ProxyError('internal', 'x', { cause }).cause).toBe(cause)
  expect(new ProxyError('internal', 'x')).not.toHaveProperty('cause')
})

it('anything else that is thrown is a fault of ours that says nothing of itself to the client', () => {
  const own = new ProxyError('bad_json', 'x')
  expect(asProxyError(own)).toBe(own)
  const foreign = asProxyError(new TypeError('secret path /home'))
  expect(foreign).toMatchObject({ code: 'internal', status: 500 })
  expect(foreign.message).not.toContain('/home')
  expect(asProxyError('words').cause).toBe('words')
})

it('every status of the catalogue is an error’s', () => {
  for (const { status } of Object.values(errorKinds)) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
  }
})
