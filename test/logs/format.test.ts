import { expect, it } from 'vitest'
import { clockTime, dollars, duration, tokenCount } from '../../src/logs/format.ts'

it.each([
  [0, '0ms'],
  [40.4, '40ms'],
  [99.4, '99ms'],
  [99.6, '0.1s'],
  [410, '0.4s'],
  [14_200, '14.2s'],
  [59_940, '59.9s'],
  [59_960, '1m00s'],
  [64_000, '1m04s'],
  [3_599_600, '1h00m'],
  [7_500_000, '2h05m'],
])('writes %d ms as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

it.each([
  [null, '—'],
  [undefined, '—'],
  [0, '0'],
  [999, '999'],
  [1000, '1.0k'],
  [48_210, '48.2k'],
  [999_949, '999.9k'],
  [999_950, '1.0M'],
  [1_234_567, '1.2M'],
])('writes %s tokens as %s', (tokens, text) => {
  expect(tokenCount(tokens)).toBe(text)
})

it('writes the local time of day', () => {
  expect(clockTime(new Date(2026, 10, 23, 3, 4, 9).getTime())).toBe('03:04:09')
})

it.each([
  [0, '$0'],
  [0.0001, '<$0.001'],
  [0.0912, '$0.091'],
  [12.4, '$12.40'],
])('writes %d dollars as %s', (usd, text) => {
  expect(dollars(usd)).toBe(text)
})
