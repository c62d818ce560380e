import { expect, it } from 'vitest'
import { retryAfterMs } from '../../../src/proxy/answer/retry-after.ts'

const nowMs = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT')

it.each([
  [[], null],
  [[['retry-after', '7']], 7_000],
  [[['retry-after', '0']], 0],
  [[['retry-after', '1.5']], 1_500],
  [[['retry-after', '-1']], null],
  [[['retry-after', '']], null],
  [[['retry-after', 'soon']], null],
  [[['retry-after', '1e308']], null],
  [[['retry-after', '0x100']], null],
  [[['retry-after', '9'.repeat(400)]], 31_536_000_000],
  [[['retry-after-ms', '9'.repeat(400)]], 31_536_000_000],
  [[['retry-after', 'Wed, 21 Oct 9999 07:28:30 GMT']], 31_536_000_000],
  [[['retry-after', 'Wed, 21 Oct 2026 07:28:30 GMT']], 30_000],
  [[['retry-after', 'Wed, 21 Oct 2026 07:27:00 GMT']], 0],
  [
    [
      ['retry-after-ms', '250'],
      ['retry-after', '7'],
    ],
    250,
  ],
  [
    [
      ['retry-after-ms', 'x'],
      ['retry-after', '7'],
    ],
    7_000,
  ],
  [
    [
      ['retry-after-ms', '-5'],
      ['retry-after', '7'],
    ],
    7_000,
  ],
] as [[string, string][], number | null][])('the headers %j ask to wait for %s ms', (headers, waitMs) => {
  expect(retryAfterMs(headers, nowMs)).toBe(waitMs)
})
