import { describe, expect, it } from 'vitest'
import { ProxyAway } from '../../../src/cli/api-client.ts'
import { type Sight, watch } from '../../../src/cli/live/watch.ts'

const away = () => new ProxyAway('http://127.0.0.1:9', new Error('refused'))

/** Watches what `answers` say, one every 10 s and each taking 1 s, until they are used up. */
async function watched(answers: (string | Error)[]): Promise<Sight<string>[]> {
  const stop = new AbortController()
  const sights: Sight<string>[] = []
  const rest = [...answers]
  let nowMs = 0
  await watch<string>({
    ask: () => {
      nowMs += 1_000
      const next = rest.shift() ?? ''
      return typeof next === 'string' ? Promise.resolve(next) : Promise.reject(next)
    },
    show: (sight) => sights.push(sight),
    everyMs: 10_000,
    signal: stop.signal,
    nowMs: () => nowMs,
    wait: (ms) => {
      nowMs += ms
      if (rest.length === 0) stop.abort()
      return Promise.resolve()
    },
  })
  return sights
}

describe('watching', () => {
  it('shows each answer', async () => {
    expect(await watched(['a', 'b'])).toEqual([
      { atMs: 1_000, seen: 'a', away: null, backAfterMs: null },
      { atMs: 12_000, seen: 'b', away: null, backAfterMs: null },
    ])
  })

  it('waits out an outage with what it saw last, and knows since when', async () => {
    const sights = await watched(['a', away(), away(), 'b', away(), 'c'])
    expect(
      sights.map(({ seen, backAfterMs, ...rest }) => [
        seen,
        rest.away?.sinceMs,
        rest.away?.isNew,
        backAfterMs,
      ]),
    ).toEqual([
      ['a', undefined, undefined, null],
      ['a', 12_000, true, null],
      ['a', 12_000, false, null],
      ['b', undefined, undefined, 22_000],
      ['b', 45_000, true, null],
      ['c', undefined, undefined, 11_000],
    ])
    expect(sights[1]?.away?.failure.message).toBe('no proxy answers at http://127.0.0.1:9')
  })

  it('is a failure where the first question has no answer, and where the fault is ours', async () => {
    await expect(watched([away(), 'a'])).rejects.toThrow('no proxy answers')
    await expect(watched(['a', new TypeError('x is undefined')])).rejects.toThrow('x is undefined')
  })

  it('ends at once, and silently, in the midst of a question or of waiting', async () => {
    for (const when of ['asking', 'waiting']) {
      const stop = new AbortController()
      const shown: string[] = []
      await watch<string>({
        ask: (signal) =>
          new Promise((resolve, reject) => {
            if (when === 'waiting') return resolve('a')
            signal.addEventListener('abort', () => reject(away()))
            stop.abort()
          }),
        show: ({ seen }) => {
          shown.push(seen)
          setImmediate(() => stop.abort())
        },
        ...{ everyMs: 3_600_000, signal: stop.signal, nowMs: () => 0 },
      })
      expect(shown).toEqual(when === 'waiting' ? ['a'] : [])
    }
  })
})
