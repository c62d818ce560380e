import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stall } from '../support/fake-provider.ts'
import { abortAtFirstWord } from './aborting.ts'
import type { SdkCalls, Surface } from './surface.ts'
import { surfaces } from './surfaces.ts'
import { startTwoWays, type TwoWays } from './two-ways.ts'

const tries = 100
/** What the provider has to see it within. */
const limitMs = 50

let ways: TwoWays
beforeAll(async () => {
  ways = await startTwoWays()
})
afterAll(() => ways.stop())

describe.each(surfaces)('$name', (surface) => {
  test('an abort before the first byte reaches the provider within 50 ms, every time', async () => {
    ways.fake.answer([stall()])
    await measure(surface, 'before the first byte', async (calls, number) => {
      const controller = new AbortController()
      const asked = { signal: controller.signal }
      const call = number % 2 === 0 ? calls.whole(asked) : calls.stream(() => {}, asked)
      const failed = call.then(
        () => false,
        () => true,
      )
      await ways.fake.received(number)
      const abortedAtMs = performance.now()
      controller.abort()
      expect(await failed).toBe(true)
      return abortedAtMs
    })
  })

  test('an abort in the middle of a stream reaches the provider within 50 ms, every time', async () => {
    ways.fake.answer(surface.answers.unfinished)
    await measure(surface, 'in the middle of a stream', async (calls) => {
      let abortedAtMs = Number.NaN
      const ending = abortAtFirstWord(
        () => {},
        (note, signal) => calls.stream(note, { signal }),
        () => {
          abortedAtMs = performance.now()
        },
      )
      // Some SDKs end the stream quietly, some throw; which one is compared elsewhere.
      await ending.catch(() => {})
      return abortedAtMs
    })
  })
})

/** Aborts so many calls one after the other, and prints how long the slowest took to be seen. */
async function measure(
  surface: Surface,
  place: string,
  abort: (calls: SdkCalls, requestNumber: number) => Promise<number>,
): Promise<void> {
  const calls = surface.connect(ways.proxy.url, fetch)
  const delaysMs: number[] = []
  for (let i = 0; i < tries; i++) {
    const number = ways.fake.requests.length + 1
    const abortedAtMs = await abort(calls, number)
    const { closed } = await ways.fake.received(number)
    delaysMs.push((await closed).atMs - abortedAtMs)
  }
  const slowestMs = Math.max(...delaysMs)
  console.log(`${surface.name}, abort ${place}: the slowest of ${tries} took ${slowestMs.toFixed(1)} ms`)
  expect(delaysMs.filter((ms) => ms <= limitMs)).toHaveLength(tries)
}
