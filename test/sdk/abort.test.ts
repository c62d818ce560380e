import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stall } from '../support/fake-provider.ts'
import { abortAtFirstWord } from './aborting.ts'
import { type Lap, startStopwatch } from './stopwatch.ts'
import type { SdkCalls, Surface } from './surface.ts'
import { surfaces } from './surfaces.ts'
import { startTwoWays, type TwoWays } from './two-ways.ts'

const tries = 100
/** What the provider has to see it within. */
const limitMs = 50
/** For a machine with much else to do. */
const timeoutMs = 60_000

let ways: TwoWays
beforeAll(async () => {
  ways = await startTwoWays()
})
afterAll(() => ways.stop())

describe.each(surfaces)('$name', (surface) => {
  test(
    'an abort before the first byte reaches the provider within 50 ms, every time',
    async () => {
      ways.fake.answer([stall()])
      await measure(surface, 'before the first byte', async (calls, number) => {
        const controller = new AbortController()
        const asked = { signal: controller.signal }
        const ending = number % 2 === 0 ? calls.whole(asked) : calls.stream(() => {}, asked)
        ending.catch(() => {})
        await ways.fake.received(number)
        const stopwatch = startStopwatch()
        controller.abort()
        await expect(ending).rejects.toThrow(/abort/i)
        return stopwatch
      })
    },
    timeoutMs,
  )

  test(
    'an abort in the middle of a stream reaches the provider within 50 ms, every time',
    async () => {
      ways.fake.answer(surface.answers.unfinished)
      await measure(surface, 'in the middle of a stream', async (calls) => {
        let stopwatch: ((untilMs: number) => Lap) | undefined
        const ending = abortAtFirstWord(
          () => {},
          (note, signal) => calls.stream(note, { signal }),
          () => {
            stopwatch = startStopwatch()
          },
        )
        // Some SDKs end the stream quietly, some throw: direct-and-proxied.test.ts compares that.
        await ending.catch(() => {})
        if (!stopwatch) throw new Error('the stream ended before its first word')
        return stopwatch
      })
    },
    timeoutMs,
  )
})

/**
 * Aborts calls one after the other and prints how long the slowest took to be seen. Where nothing but the time that
 * other processes took made a try too slow, another takes its place: it says nothing about the proxy.
 */
async function measure(
  surface: Surface,
  place: string,
  abort: (calls: SdkCalls, requestNumber: number) => Promise<(untilMs: number) => Lap>,
): Promise<void> {
  const calls = surface.connect(ways.proxy.url, fetch)
  const delaysMs: number[] = []
  let disturbed = 0
  let slowestMs = 0
  while (delaysMs.length < tries && slowestMs <= limitMs) {
    const number = ways.fake.requests.length + 1
    const stopwatch = await abort(calls, number)
    const { closed } = await ways.fake.received(number)
    const { tookMs, withheldMs } = stopwatch((await closed).atMs)
    if (tookMs > limitMs && tookMs - withheldMs <= limitMs) {
      disturbed++
      continue
    }
    delaysMs.push(tookMs)
    slowestMs = Math.max(slowestMs, tookMs)
  }
  const counted = `the slowest of ${delaysMs.length} took ${slowestMs.toFixed(1)} ms`
  console.log(`${surface.name}, abort ${place}: ${counted} (${disturbed} disturbed ones repeated)`)
  expect(slowestMs).toBeLessThanOrEqual(limitMs)
}
