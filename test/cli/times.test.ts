import { expect, it } from 'vitest'
import { clockText, soonText, spanText } from '../../src/cli/times.ts'
import { clock } from './health/health-answers.ts'

it.each([
  [-5_000, '0 s'],
  [499, '0 s'],
  [59_499, '59 s'],
  [59_500, '1m00s'],
  [250_000, '4m10s'],
  [3_599_400, '59m59s'],
  [3_599_500, '1h00m'],
  [11_525_400, '3h12m'],
  [86_399_000, '23h59m'],
  [86_400_000, '1d00h'],
  [460_800_000, '5d08h'],
])('%i ms are %s', (ms, text) => expect(spanText(ms)).toBe(text))

it('a time is said by the clock here, as shortly as it is clear', () => {
  const nowMs = Date.parse(clock('13:04:05'))
  const soon = (time: string, day = 23) => soonText(Date.parse(clock(time, day)), nowMs)
  expect(clockText(nowMs)).toBe('13:04:05')
  expect(clockText(Date.parse(clock('00:00:09')))).toBe('00:00:09')
  expect(soon('13:04:00')).toBe('in 0 s')
  expect(soon('13:05:04')).toBe('in 59 s')
  expect(soon('13:05:05')).toBe('13:05')
  expect(soon('13:04:04', 24)).toBe('13:04')
  expect(soon('13:04:05', 24)).toBe('Tue 13:04')
  expect(soon('13:04:04', 30)).toBe('Mon 13:04')
  expect(soon('13:04:05', 30)).toBe('Nov 30')
})
