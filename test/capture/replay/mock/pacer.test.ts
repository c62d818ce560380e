import { expect, it } from 'vitest'
import { PrecisePacer } from '../../../../src/capture/replay/mock/pacer.ts'

/** What was run at these delays, in the order of running; none before its time. */
async function ran(delaysMs: readonly number[], without: readonly number[] = []): Promise<number[]> {
  const pacer = new PrecisePacer()
  const startMs = pacer.nowMs()
  const order: number[] = []
  await new Promise<void>((resolve) => {
    const taken = delaysMs.map((delayMs) =>
      pacer.at(startMs + delayMs, () => {
        expect(pacer.nowMs()).toBeGreaterThanOrEqual(startMs + delayMs)
        order.push(delayMs)
        if (order.length === delaysMs.length - without.length) resolve()
      }),
    )
    for (const at of without) taken[at]?.()
  })
  return order
}

it('runs things in the order of their times, and none too early', async () => {
  expect(await ran([30, 5, 12.5, 0, 5.2, 29.9, 12.4])).toEqual([0, 5, 5.2, 12.4, 12.5, 29.9, 30])
})

it('runs things of one time in the order in which they came', async () => {
  const pacer = new PrecisePacer()
  const atMs = pacer.nowMs() + 5
  const order: number[] = []
  await new Promise<void>((resolve) => {
    for (let n = 0; n < 50; n++) pacer.at(atMs, () => order.push(n) === 50 && resolve())
  })
  expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n))
})

it('does not run what was taken back', async () => {
  expect(await ran([3, 1, 2, 4], [1, 3])).toEqual([2, 3])
})

it('runs what is due already in the next turn, not at once', async () => {
  const pacer = new PrecisePacer()
  let isRun = false
  const done = new Promise<void>((resolve) => {
    pacer.at(pacer.nowMs() - 100, () => {
      isRun = true
      resolve()
    })
  })
  expect(isRun).toBe(false)
  await done
})

it('lets sockets and other timers have their turns while it waits for the last fraction', async () => {
  const pacer = new PrecisePacer()
  let turns = 0
  const count = () => {
    turns++
    if (turns < 10_000) setImmediate(count)
  }
  setImmediate(count)
  await new Promise<void>((resolve) => pacer.at(pacer.nowMs() + 1.2, resolve))
  expect(turns).toBeGreaterThan(0)
})

it('wakes for what comes later and is due earlier', async () => {
  const pacer = new PrecisePacer()
  const startMs = pacer.nowMs()
  const order: string[] = []
  await new Promise<void>((resolve) => {
    pacer.at(startMs + 60, () => {
      order.push('late')
      resolve()
    })
    setTimeout(() => pacer.at(startMs + 20, () => order.push('early')), 1)
  })
  expect(order).toEqual(['early', 'late'])
})
