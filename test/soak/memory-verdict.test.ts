import { expect, test } from 'vitest'
import { randomFrom } from '../corpus/random.ts'
import { type MemorySample, memoryVerdicts } from './memory-verdict.ts'

const minuteMs = 60_000

interface Grows {
  minutes: number
  livePerHour?: number
  residentPerHour?: number
  exchangesPerMinute?: number
}

/** A look each ten seconds at a process whose memory goes up and down by some megabytes. */
function grown({ minutes, livePerHour = 0, residentPerHour = 0, exchangesPerMinute = 6_000 }: Grows) {
  const random = randomFrom('memory', minutes)
  const noiseMb = (most: number) => random.int(-most * 100, most * 100) / 100
  return Array.from({ length: minutes * 6 }, (_, at): MemorySample => {
    const minute = at / 6
    return {
      atMs: minute * minuteMs,
      liveMb: 60 + (livePerHour * minute) / 60 + noiseMb(2),
      rssMb: 400 + (residentPerHour * minute) / 60 + Math.abs(noiseMb(15)),
      exchanges: minute * exchangesPerMinute,
    }
  })
}

function missesOf(samples: readonly MemorySample[]): string[] {
  return memoryVerdicts(samples).flatMap(({ miss }) => miss ?? [])
}

test('memory that goes up and down around the same is flat after an hour', () => {
  const verdicts = memoryVerdicts(grown({ minutes: 60 }))
  expect(verdicts.map(({ line }) => line)).toEqual([
    expect.stringMatching(/^live memory grows by .*: flat$/),
    expect.stringMatching(/^resident memory grows by .*: flat$/),
  ])
  expect(verdicts.flatMap(({ miss }) => miss ?? [])).toEqual([])
})

test.each([
  ['live memory by 9 MB an hour', { livePerHour: 9 }, /^live memory grows by/],
  ['resident memory by 40 MB an hour', { residentPerHour: 40 }, /^resident memory grows by/],
])('a leak is found in an hour: %s', (_what, leak, message) => {
  expect(missesOf(grown({ minutes: 60, ...leak }))).toEqual([expect.stringMatching(message)])
})

test('of a minute, in which a process still settles, a fast leak is found and a slow one is none', () => {
  const samples = (livePerHour: number) =>
    grown({ minutes: 6, livePerHour, exchangesPerMinute: 0 }).map((sample) => ({
      ...sample,
      atMs: sample.atMs / 6,
    }))
  expect(missesOf(samples(1_000))).toEqual([expect.stringMatching(/^live memory grows by/)])
  const [live] = memoryVerdicts(samples(50))
  expect(live?.miss).toBeNull()
})

test('an hour in which memory goes up and down by too much to tell has missed something', () => {
  const samples = grown({ minutes: 60 }).map((sample, at) => ({ ...sample, liveMb: at % 90 < 45 ? 60 : 90 }))
  expect(missesOf(samples)).toEqual([expect.stringContaining('no leak shown, and not that there is none')])
})

test('the first 50,000 conversations are remembered, which is no leak', () => {
  const filling = { minutes: 60, exchangesPerMinute: 800, livePerHour: 40 }
  expect(missesOf(grown(filling))).toEqual([])
  expect(missesOf(grown({ ...filling, exchangesPerMinute: 6_000 }))).toEqual([
    expect.stringMatching(/^live memory grows by/),
  ])
})
