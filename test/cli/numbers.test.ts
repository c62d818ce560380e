import { expect, it } from 'vitest'
import { durationText, percentText, tokensText, usdText } from '../../src/cli/numbers.ts'

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.0k'],
  [48_210, '48.2k'],
  [99_949, '99.9k'],
  [412_000, '412k'],
  [999_499, '999k'],
  [999_600, '1.0M'],
  [3_100_000, '3.1M'],
  [2_000_000_000, '2.0G'],
])('%i tokens are %s', (tokens, text) => expect(tokensText(tokens)).toBe(text))

it.each([
  [null, '—'],
  [0, '$0.00'],
  [0.00001, '<$0.0001'],
  [0.0912, '$0.0912'],
  [9.84, '$9.84'],
  [12_345.678, '$12,345.68'],
])('%s dollars are %s', (usd, text) => expect(usdText(usd)).toBe(text))

it.each([
  [null, '—'],
  [0.4, '0 ms'],
  [410, '410 ms'],
  [999.6, '1.0 s'],
  [1900, '1.9 s'],
  [64_000, '1m04s'],
  [7_500_000, '2h05m'],
])('%s milliseconds are %s', (ms, text) => expect(durationText(ms)).toBe(text))

it.each([
  [null, '—'],
  [0, '0%'],
  [0.002, '0.2%'],
  [0.122, '12%'],
  [1, '100%'],
])('a ratio of %s is %s', (ratio, text) => expect(percentText(ratio)).toBe(text))
