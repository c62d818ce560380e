import { expect, it } from 'vitest'
import { TimingJudge } from '../../../../src/capture/replay/report/timing-verdict.ts'

const timing = (ttftMs: number | null, totalMs: number | null, gapsMs: number[] = []) => ({
  ttftMs,
  totalMs,
  gapsMs,
})

function verdictOf(
  tolerance: number,
  ...pairs: [before: ReturnType<typeof timing>, after: ReturnType<typeof timing>][]
) {
  const judge = new TimingJudge()
  for (const [before, after] of pairs) judge.add(before, after)
  return judge.verdict(tolerance)
}

it('is within as long as nothing takes more than so many times as long', () => {
  expect(verdictOf(2, [timing(100, 1000), timing(200, 2000)])).toMatchObject({
    ...{ verdict: 'within', tolerance: 2 },
    before: { ttft_p50_ms: 100, total_p95_ms: 1000, gap_p50_ms: null },
    after: { ttft_p50_ms: 200, total_p95_ms: 2000 },
  })
  expect(verdictOf(2, [timing(100, 1000), timing(201, 1000)]).verdict).toBe('over')
  expect(verdictOf(2, [timing(100, 1000, [50, 50]), timing(100, 1000, [50, 150])]).verdict).toBe('over')
})

it('overlooks what nobody notices, whatever the ratio', () => {
  expect(verdictOf(2, [timing(1, 2), timing(20, 21)]).verdict).toBe('within')
})

it('compares what is known of both, and judges nothing where nothing is', () => {
  expect(verdictOf(2, [timing(null, 1000), timing(5000, 1000)]).verdict).toBe('within')
  expect(verdictOf(2, [timing(null, null), timing(1, 1)]).verdict).toBeNull()
  const none = new TimingJudge()
  none.add(null, timing(1, 1))
  expect(none.verdict(2).verdict).toBeNull()
})
