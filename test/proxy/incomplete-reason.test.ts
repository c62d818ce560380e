import { expect, it } from 'vitest'
import { type ErrorCode, ProxyError } from '../../src/core/errors.ts'
import { incompleteReason } from '../../src/proxy/incomplete-reason.ts'

it.each<[ErrorCode, string]>([
  ['backend_timeout', 'timeout'],
  ['backend_truncated', 'truncated'],
  ['client_gone', 'client_disconnect'],
  ['shutting_down', 'shutdown'],
  ['backend_closed', 'backend_error'],
  ['backend_error', 'backend_error'],
])('an answer that ended with %s is incomplete by %s', (code, reason) => {
  expect(incompleteReason(new ProxyError(code, 'x'))).toBe(reason)
})
