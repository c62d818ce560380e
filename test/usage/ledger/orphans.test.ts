import { expect, it } from 'vitest'
import { watchOrphans } from '../../../src/usage/ledger/orphans.ts'
import { FakeClock } from '../../support/fake-clock.ts'

it('looks again and again for who is gone, also where the store was away at the start', async () => {
  const clock = new FakeClock()
  const found: number[] = []
  const answers = [
    () => Promise.reject(new Error('away')),
    () => Promise.resolve(2),
    () => Promise.resolve(0),
  ]
  let asked = 0
  const orphans = watchOrphans(
    { closeOrphans: () => answers[asked++]?.() ?? Promise.resolve(0) },
    { id: 'me', pid: 1, machine: 'here' },
    clock,
    (count) => found.push(count),
  )
  orphans.later()
  await clock.advanceSlowly(15_000)
  expect([asked, found]).toEqual([1, []])
  await clock.advanceSlowly(15_000)
  expect([asked, found]).toEqual([2, [2]])
  await clock.advanceSlowly(15_000)
  expect(asked).toBe(3)
  orphans.stop()
  await clock.advanceSlowly(60_000)
  expect(asked).toBe(3)
})
