import { describe, expect, it } from 'vitest'
import { dispatch, type Waiting } from '../../../../src/capture/replay/against/dispatch.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

/** Starts what it is told; each runs until `end` is called, or for so many milliseconds. */
function dispatching(
  waiting: readonly Waiting[],
  options: { concurrency?: number; tookMs?: (at: number) => number } = {},
) {
  const clock = new FakeClock()
  const stop = new AbortController()
  const started: string[] = []
  const late: (number | null)[] = []
  const results: number[] = []
  const ending = new Map<number, (thrown?: Error) => void>()
  let running = 0
  let most = 0
  const all = (async () => {
    const given = dispatch({
      ...{
        waiting,
        clock,
        signal: stop.signal,
        concurrency: options.concurrency ?? Number.POSITIVE_INFINITY,
      },
      start: (at, lateMs) => {
        started.push(`${at}@${clock.monotonicNs() / 1e6}`)
        late[at] = lateMs
        running++
        most = Math.max(most, running)
        return new Promise<number>((resolve, reject) => {
          const end = (thrown?: Error) => {
            running--
            if (thrown) reject(thrown)
            else resolve(at)
          }
          ending.set(at, end)
          if (options.tookMs) clock.after(options.tookMs(at), () => end())
        })
      },
      onStop: () => {
        for (const end of ending.values()) end()
      },
    })
    for await (const result of given) results.push(result)
  })()
  return {
    clock,
    stop,
    started,
    late,
    results,
    all,
    end: (at: number, thrown?: Error) => ending.get(at)?.(thrown),
    most: () => most,
  }
}

const free = (count: number): Waiting[] =>
  Array.from({ length: count }, () => ({ waitsFor: [], dueMs: null }))
const due = (...ms: number[]): Waiting[] => ms.map((dueMs) => ({ waitsFor: [], dueMs }))

describe('without a pace', () => {
  it('all are started in order, no more at a time than may be, and given as they end', async () => {
    const run = dispatching(free(5), { concurrency: 2, tookMs: (at) => (at === 0 ? 25 : 10) })
    await run.clock.advanceSlowly(100)
    await run.all
    expect(run.started).toEqual(['0@0', '1@0', '2@10', '3@20', '4@25'])
    expect(run.results).toEqual([1, 2, 0, 3, 4])
    expect(run.most()).toBe(2)
    expect(run.late).toEqual([null, null, null, null, null])
  })

  it('each waits for what must be over, and holds up nobody else', async () => {
    const run = dispatching(
      [
        { waitsFor: [], dueMs: null },
        { waitsFor: [0], dueMs: null },
        { waitsFor: [], dueMs: null },
        { waitsFor: [1, 2], dueMs: null },
      ],
      { tookMs: () => 10 },
    )
    await run.clock.advanceSlowly(100)
    await run.all
    expect(run.started).toEqual(['0@0', '2@0', '1@10', '3@20'])
  })
})

describe('at a pace', () => {
  it('each is started at its own time, however late the one before was', async () => {
    const run = dispatching(due(0, 100, 200, 1_000), { tookMs: () => 5 })
    await run.clock.advanceSlowly(90)
    // Nothing ran for a while: the next is late, and the one after it is not.
    await run.clock.advanceSlowly(2_000)
    await run.all
    expect(run.started).toEqual(['0@0', '1@100', '2@200', '3@1000'])
    expect(run.late).toEqual([0, 0, 0, 0])
  })

  it('says how late it was, but not where it was another one that it waited for', async () => {
    const clock = new FakeClock()
    const late: (number | null)[] = []
    const given = dispatch({
      waiting: [
        { waitsFor: [], dueMs: 0 },
        { waitsFor: [0], dueMs: 10 },
        { waitsFor: [], dueMs: 20 },
      ],
      ...{ clock, signal: new AbortController().signal, concurrency: 1 },
      start(at, lateMs) {
        late[at] = lateMs
        return new Promise<number>((resolve) => void clock.after(50, () => resolve(at)))
      },
    })
    const all = (async () => {
      for await (const _ of given);
    })()
    await clock.advanceSlowly(300)
    await all
    expect(late).toEqual([0, null, 80])
  })

  it('waits for times that are further away than one timer reaches', async () => {
    const days = 40 * 24 * 3_600_000
    const run = dispatching(due(0, days), { tookMs: () => 1 })
    await run.clock.advanceSlowly(days + 10)
    await run.all
    expect(run.started).toEqual(['0@0', `1@${days}`])
  })
})

describe('when it is stopped', () => {
  it('nothing is started any more, what had ended is given, and what runs is told to end', async () => {
    const run = dispatching([...free(2), { waitsFor: [0], dueMs: 50 }])
    await run.clock.advanceSlowly(1)
    run.end(0)
    run.stop.abort()
    await run.all
    await run.clock.advanceSlowly(100)
    expect(run.started).toEqual(['0@0', '1@0'])
    expect(run.results).not.toContain(1)
  })

  it('by what is thrown, nothing more is started either', async () => {
    const run = dispatching(free(4), { concurrency: 2 })
    run.end(1, new Error('away'))
    await expect(run.all).rejects.toThrow('away')
    expect(run.started).toEqual(['0@0', '1@0'])
  })
})
