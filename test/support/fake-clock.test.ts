import { expect, test } from 'vitest'
import { FakeClock } from './fake-clock.ts'

test('runs timers in the order in which they are due, each at its own time', () => {
  const clock = new FakeClock(1000)
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name}@${clock.nowMs()}`)
  clock.after(20, note('second'))
  clock.after(10, note('first'))
  clock.after(20, note('third'))
  clock.after(99, note('never'))
  clock.advance(50)
  expect(ran).toEqual(['first@1010', 'second@1020', 'third@1020'])
  expect(clock.nowMs()).toBe(1050)
  expect(clock.monotonicNs()).toBe(50e6)
  expect(clock.pending).toBe(1)
  expect(clock.nextInMs).toBe(49)
})

test('runs what a timer starts, when that falls due in the same step', () => {
  const clock = new FakeClock()
  let ticks = 0
  const tick = () => {
    ticks++
    clock.after(10, tick)
  }
  clock.after(10, tick)
  clock.advance(35)
  expect(ticks).toBe(3)
})

test('a cancelled timer does not run', () => {
  const clock = new FakeClock()
  let ran = false
  clock
    .after(1, () => {
      ran = true
    })
    .cancel()
  clock.advance(10)
  expect(ran).toBe(false)
  expect(clock.pending).toBe(0)
})

test('lets awaiting code go on between timers', async () => {
  const clock = new FakeClock(0)
  const times: number[] = []
  const loop = async () => {
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve) => clock.after(10, resolve))
      times.push(clock.nowMs())
    }
  }
  const looping = loop()
  await clock.advanceSlowly(30)
  await looping
  expect(times).toEqual([10, 20, 30])
})
