import { expect, it } from 'vitest'
import { quotaText } from '../../../src/cli/health/quota-text.ts'
import type { QuotaHealth } from '../../../src/cli/health/report.ts'
import { answeredAt, clock } from './health-answers.ts'

const nowMs = Date.parse(answeredAt)
const inMs = (ms: number) => nowMs + ms
const hourMs = 3_600_000
const of = (
  name: string,
  usedRatio: number | null,
  resetsAtMs: number | null = null,
  remaining: number | null = null,
) => ({ name, usedRatio, resetsAtMs, remaining }) satisfies QuotaHealth

it.each<[string, QuotaHealth[]]>([
  ['▇▇▇▇▇░░░ 62% of 5h, resets 14:20', [of('5h', 0.62, Date.parse(clock('14:20:00')))]],
  ['░░░░░░░░ 0% of requests', [of('requests', 0)]],
  ['▇▇▇▇▇▇▇▇ 99% of input tokens', [of('input_tokens', 0.9999)]],
  ['▇▇▇▇▇▇▇▇ 100% of tokens, resets in 32 s', [of('tokens', 1, inMs(32_000))]],
  // The float of 29 hundredths is a little less.
  ['▇▇░░░░░░ 29% of tokens', [of('tokens', 0.29)]],
  ['▇▇▇▇▇▇▇▇ 130% of 7d', [of('7d', 1.3)]],
  ['▇▇▇▇░░░░ 50% of 7d, resets Fri 13:04', [of('7d', 0.5, inMs(4 * 24 * hourMs))]],
  ['▇▇▇▇░░░░ 50% of 7d, resets Dec 23', [of('7d', 0.5, inMs(30 * 24 * hourMs))]],
  // Nearest first; what was renewed since, and what has no share, behind it.
  [
    '▇▇▇▇░░░░ 50% of tokens; 10% of requests; 7 output tokens left; 90% of 5h before it was renewed',
    [
      of('requests', 0.1),
      of('5h', 0.9, inMs(-1)),
      of('output_tokens', null, null, 7),
      of('tokens', 0.5),
      of('7d', null),
    ],
  ],
  ['1,204 requests left', [of('requests', null, null, 1_204)]],
  ['12% of tokens before it was renewed', [of('tokens', 0.12, inMs(0))]],
  ['—', [of('tokens', null)]],
  ['—', []],
])('%s', (text, quota) => {
  expect(quotaText(quota, nowMs, true)).toBe(text)
  // In short, the nearest alone.
  expect(quotaText(quota, nowMs, false)).toBe(text.split('; ')[0])
})
