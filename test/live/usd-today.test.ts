import { expect, it } from 'vitest'
import { UsdToday } from '../../src/live/usd-today.ts'
import { FakeClock } from '../support/fake-clock.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('what the ledger has is asked for at most every ten seconds and never waited for', async () => {
  const clock = new FakeClock()
  const answers: ((usd: number) => void)[] = []
  const today = new UsdToday(clock, () => new Promise((resolve) => answers.push(resolve)))
  expect([today.usd, today.usd]).toEqual([null, null])
  expect(answers).toHaveLength(1)
  answers[0]?.(21.4)
  await settled()
  clock.advance(9_999)
  expect(today.usd).toBe(21.4)
  expect(answers).toHaveLength(1)
  clock.advance(1)
  expect(today.usd).toBe(21.4)
  expect(answers).toHaveLength(2)
  // A slow ledger has its rest: fifty times as long as it took.
  clock.advance(1_000)
  answers[1]?.(22)
  await settled()
  clock.advance(49_000)
  expect(today.usd).toBe(22)
  expect(answers).toHaveLength(2)
  clock.advance(1_000)
  expect(today.usd).toBe(22)
  expect(answers).toHaveLength(3)
})

it('a ledger that cannot be read is unknown, and asked again', async () => {
  const clock = new FakeClock()
  let calls = 0
  const today = new UsdToday(clock, () => {
    calls++
    return calls === 1 ? Promise.resolve(3) : Promise.reject(new Error('locked'))
  })
  expect(today.usd).toBeNull()
  await settled()
  expect(today.usd).toBe(3)
  clock.advance(10_000)
  expect(today.usd).toBe(3)
  await settled()
  expect(today.usd).toBeNull()
  clock.advance(10_000)
  expect(today.usd).toBeNull()
  expect(calls).toBe(3)
})

it('without a ledger nothing is known', () => {
  expect(new UsdToday(new FakeClock(), null).usd).toBeNull()
})

it('a sum that nobody has looked at for long is not shown as that of now', async () => {
  const clock = new FakeClock()
  let calls = 0
  const today = new UsdToday(clock, () => Promise.resolve(++calls))
  expect(today.usd).toBeNull()
  await settled()
  clock.advance(39_999)
  expect(today.usd).toBe(1)
  await settled()
  clock.advance(3_600_000)
  expect(today.usd).toBeNull()
  await settled()
  expect(today.usd).toBe(3)
})
