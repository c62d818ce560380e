import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import type { Target } from '../../../src/core/target.ts'
import type { AttemptResult, Failure } from '../../../src/proxy/answer/receiver.ts'
import { runAttempts } from '../../../src/proxy/attempts/attempts.ts'
import { aBackend } from '../../support/a-backend.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const policy = { maxAttempts: 5, totalBudgetMs: 90_000, maxWaitMs: 30_000 }

/** One try as a test writes it down: what it came to, and how long it took. */
interface Try {
  result: 'ok' | 'retry' | 'final' | 'timeout' | 'unsayable' | number
  tookMs?: number
}

/** `number`: a 429 or 503 with this `retry-after`, in milliseconds. */
function outcome({ result }: Try): AttemptResult {
  if (result === 'ok') return { kind: 'answered' }
  const waitMs = typeof result === 'number' ? result : null
  const error = new ProxyError(
    'backend_error',
    String(result),
    waitMs === null ? {} : { retryAfterMs: waitMs },
  )
  const failure: Failure = {
    error,
    mayFailOver: result !== 'final',
    notProcessed: waitMs !== null,
    timedOut: result === 'timeout',
    answer: null,
    asked: result !== 'unsayable',
  }
  return { kind: 'failed', failure }
}

interface RunOptions {
  targets?: number
  policy?: Partial<typeof policy>
  unusable?: (name: string, clock: FakeClock) => boolean
  stopped?: AbortController
}

/** Runs the tries in turn; the log has each attempt as `target@second`, `+` where another target is left. */
async function run(tries: readonly Try[], options: RunOptions = {}) {
  const clock = new FakeClock()
  const log: string[] = []
  const targets = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    .slice(0, options.targets ?? 2)
    .map((name): Target => ({ backend: aBackend(name), model: 'm' }))
  const stopped = options.stopped ?? new AbortController()
  const done = runAttempts({
    targets,
    policy: { ...policy, ...options.policy },
    clock,
    closing: new AbortController().signal,
    stopped: () => stopped.signal,
    isUsable: (target) => !options.unusable?.(target.backend.name, clock),
    attempt: (target, mayFailOver) => {
      const one = tries[log.length] ?? { result: 'retry' }
      log.push(`${target.backend.name}@${clock.monotonicNs() / 1e9}${mayFailOver ? '+' : ''}`)
      clock.advance(one.tookMs ?? 0)
      return Promise.resolve(outcome(one))
    },
  })
  let over = false
  void done.then(() => {
    over = true
  })
  await clock.advanceSlowly(0)
  while (!over && clock.nextInMs !== undefined) await clock.advanceSlowly(clock.nextInMs)
  const word = await done
  return { log, word, last: word && `${word.target.backend.name}:${word.failure.error.message}`, clock }
}

describe('which attempt follows', () => {
  it.each<[string, Try[], RunOptions, string[], string | null]>([
    ['an answer ends it', [{ result: 'ok' }], {}, ['a@0+'], null],
    ['a failure goes to the next target', [{ result: 'retry' }, { result: 'ok' }], {}, ['a@0+', 'b@0'], null],
    [
      'a target to which the request cannot be said is passed over',
      [{ result: 'unsayable' }, { result: 'ok' }],
      {},
      ['a@0+', 'b@0'],
      null,
    ],
    [
      'what a provider said outweighs that the next could not be asked',
      [{ result: 'retry' }, { result: 'unsayable' }],
      { targets: 2 },
      ['a@0+', 'b@0'],
      'a:retry',
    ],
    [
      'what cannot be said takes no attempt',
      [{ result: 'unsayable' }, { result: 'unsayable' }, { result: 'ok' }],
      { targets: 3, policy: { maxAttempts: 1 } },
      ['a@0+', 'b@0+', 'c@0'],
      null,
    ],
    ['a final failure goes nowhere', [{ result: 'final' }], {}, ['a@0+'], 'a:final'],
    ['all fail: the last one’s word counts', [], {}, ['a@0+', 'b@0'], 'b:retry'],
    ['a single target is not asked again', [{ result: 'retry' }], { targets: 1 }, ['a@0'], 'a:retry'],
    ['nor after a timeout', [{ result: 'timeout' }], { targets: 1 }, ['a@0'], 'a:timeout'],
    [
      'a single target that says when is asked again then',
      [{ result: 7_000 }, { result: 'ok' }],
      { targets: 1 },
      ['a@0', 'a@7'],
      null,
    ],
    ['at once where it says 0', [{ result: 0 }, { result: 'ok' }], { targets: 1 }, ['a@0', 'a@0'], null],
    [
      'retry-after is no reason to wait while another target is left',
      [{ result: 7_000 }, { result: 'ok' }],
      {},
      ['a@0+', 'b@0'],
      null,
    ],
    [
      'the last target is waited for',
      [{ result: 'retry' }, { result: 2_000 }, { result: 'ok' }],
      {},
      ['a@0+', 'b@0', 'b@2'],
      null,
    ],
    ['a wait beyond max_wait_seconds is not begun', [{ result: 30_001 }], { targets: 1 }, ['a@0'], 'a:30001'],
    [
      'a wait of max_wait_seconds is',
      [{ result: 30_000 }, { result: 'ok' }],
      { targets: 1 },
      ['a@0', 'a@30'],
      null,
    ],
    [
      'no wait may end beyond the budget',
      [{ result: 10_000, tookMs: 80_000 }],
      { targets: 1 },
      ['a@0'],
      'a:10000',
    ],
    ['no attempt begins after the budget', [{ result: 'retry', tookMs: 90_000 }], {}, ['a@0+'], 'a:retry'],
    [
      'one just before it does',
      [
        { result: 'retry', tookMs: 89_999 },
        { result: 'ok', tookMs: 500_000 },
      ],
      {},
      ['a@0+', 'b@89.999'],
      null,
    ],
    ['max_attempts counts all', [], { targets: 7 }, ['a@0+', 'b@0+', 'c@0+', 'd@0+', 'e@0+'], 'e:retry'],
    [
      'max_attempts counts waits for the same target too',
      Array(9).fill({ result: 1_000 }),
      { targets: 1, policy: { maxAttempts: 3 } },
      ['a@0', 'a@1', 'a@2'],
      'a:1000',
    ],
    [
      'after a timeout one more attempt',
      [{ result: 'timeout' }],
      { targets: 4 },
      ['a@0+', 'b@0+'],
      'b:retry',
    ],
    [
      'after two other failures and a timeout one more',
      [{ result: 'retry' }, { result: 'retry' }, { result: 'timeout' }],
      { targets: 6 },
      ['a@0+', 'b@0+', 'c@0+', 'd@0+'],
      'd:retry',
    ],
    [
      'after a second timeout none',
      [{ result: 'timeout' }, { result: 'timeout' }],
      { targets: 4 },
      ['a@0+', 'b@0+'],
      'b:timeout',
    ],
    [
      'a timeout at the last attempt adds none',
      [{ result: 'retry' }, { result: 'timeout' }],
      { targets: 4, policy: { maxAttempts: 2 } },
      ['a@0+', 'b@0+'],
      'b:timeout',
    ],
    [
      'unusable targets are passed over',
      [],
      { targets: 4, unusable: (name) => name === 'b' || name === 'd' },
      ['a@0+', 'c@0'],
      'c:retry',
    ],
    [
      'also those that became unusable while the last attempt ran',
      [{ result: 'retry', tookMs: 5_000 }, { result: 'ok' }],
      { targets: 3, unusable: (name, clock) => name === 'b' && clock.monotonicNs() > 0 },
      ['a@0+', 'c@5'],
      null,
    ],
  ])('%s', async (_rule, tries, options, log, last) => {
    const result = await run(tries, options)
    expect(result.log).toEqual(log)
    expect(result.last).toBe(last)
    expect(result.clock.pending).toBe(0)
  })
})

describe('when nobody waits any more, or the proxy ends,', () => {
  it.each(['stopped', 'closing'] as const)('the wait for retry-after is over at once: %s', async (which) => {
    const ends = { stopped: new AbortController(), closing: new AbortController() }
    const clock = new FakeClock()
    let tries = 0
    const done = runAttempts({
      targets: [{ backend: aBackend('a'), model: null }],
      ...{ policy, clock, isUsable: () => true },
      ...{ stopped: () => ends.stopped.signal, closing: ends.closing.signal },
      attempt: () => {
        tries++
        return Promise.resolve(outcome({ result: 20_000 }))
      },
    })
    await clock.advanceSlowly(5_000)
    expect(clock.pending).toBe(1)
    ends[which].abort()
    expect(await done).toMatchObject({ failure: { error: { message: '20000' } } })
    expect(tries).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('no further target is tried for a client that has gone', async () => {
    const stopped = new AbortController()
    stopped.abort()
    const { log } = await run([{ result: 'retry' }], { targets: 3, stopped })
    expect(log).toEqual(['a@0+'])
  })
})

const anyTry = fc.record({
  result: fc.oneof(
    fc.constantFrom<Try['result']>('ok', 'retry', 'retry', 'final', 'timeout'),
    fc.integer({ min: 0, max: 60_000 }),
  ),
  tookMs: fc.integer({ min: 0, max: 60_000 }),
})

it('whatever happens, the rules hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTry, { minLength: 8, maxLength: 8 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 6 }),
      async (tries, targets, maxAttempts) => {
        const { log, word } = await run(tries, { targets, policy: { maxAttempts } })
        const done = tries.slice(0, log.length)
        const names = log.map((entry) => entry.charAt(0))
        const startsMs = log.map((entry) => Number.parseFloat(entry.slice(2)) * 1000)
        expect(log.length).toBeLessThanOrEqual(maxAttempts)
        // In order, none left out, and only the last target more than once.
        expect(names).toEqual(names.map((_, i) => 'abcdefg'.charAt(Math.min(i, targets - 1))))
        // Nothing begins beyond the budget.
        expect(startsMs.every((ms) => ms < policy.totalBudgetMs)).toBe(true)
        // Only the last may be final or an answer, and a timeout is followed by one attempt at most.
        expect(done.slice(0, -1).some(({ result }) => result === 'ok')).toBe(false)
        const firstTimeout = done.findIndex(({ result }) => result === 'timeout')
        if (firstTimeout >= 0) expect(log.length).toBeLessThanOrEqual(firstTimeout + 2)
        expect(word === null).toBe(done.at(-1)?.result === 'ok')
        // A target that is asked again had said when, and was not asked sooner.
        for (let i = 1; i < log.length; i++) {
          if (names[i] !== names[i - 1]) continue
          const asked = done[i - 1] as Required<Try>
          expect(startsMs[i]).toBeCloseTo((startsMs[i - 1] ?? 0) + asked.tookMs + (asked.result as number), 3)
        }
      },
    ),
    { numRuns: 150 },
  )
})

it('the proxy’s end lets another target answer that needs no waiting', async () => {
  const closing = new AbortController()
  closing.abort()
  const asked: string[] = []
  const word = await runAttempts({
    targets: [aBackend('a'), aBackend('b')].map((backend) => ({ backend, model: null })),
    ...{ policy, clock: new FakeClock(), isUsable: () => true },
    ...{ stopped: () => new AbortController().signal, closing: closing.signal },
    attempt: ({ backend }) => {
      asked.push(backend.name)
      return Promise.resolve(backend.name === 'a' ? outcome({ result: 'retry' }) : { kind: 'answered' })
    },
  })
  expect({ word, asked }).toEqual({ word: null, asked: ['a', 'b'] })
})
