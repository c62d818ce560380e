import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { AccessKeyConfig } from '../../../src/config/schema.ts'
import { ProxyError } from '../../../src/core/errors.ts'
import type { Spending } from '../../../src/proxy/spending/spending.ts'
import type { Caller } from '../../../src/server/access/caller.ts'
import { type Charge, dayMs, type Spent } from '../../../src/server/access/day-accounts.ts'
import { createDayBudget, type DayBudget } from '../../../src/server/access/day-budget.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const midnight = Date.UTC(2026, 0, 6)
const noon = midnight - dayMs / 2

/** In nano-dollars, so that sums are whole. */
const limit = 100

function caller(name: string, usdPerDay: number | null = limit / 1e9): Caller {
  return {
    ...{ kind: 'key', name, role: 'user', models: null, requestsPerMinute: null, usdPerDay, keyHash: name },
    ...{ accessKeyHeader: 'x-api-key', accessKeyPlaces: ['x-api-key'] },
  }
}

const key = (name: string, usd_per_day: number | null = limit / 1e9): AccessKeyConfig => ({
  ...{ name, key: `lp_${name}_0123456789abcdef`, role: 'user', models: null, usd_per_day },
  requests_per_minute: null,
})

/** A ledger that keeps what it is given, and fails when it is told to. */
class FakeLedger {
  records: { id: string; user: string; openedAtMs: number; nanoUsd: number }[] = []
  fails = false
  readings = 0

  spentSince = (fromMs: number): Promise<Spent[]> => {
    this.readings++
    if (this.fails) return Promise.reject(new Error('no disk'))
    const sums = new Map<string, number>()
    for (const { user, openedAtMs, nanoUsd } of this.records) {
      if (openedAtMs >= fromMs) sums.set(user, (sums.get(user) ?? 0) + nanoUsd)
    }
    return Promise.resolve([...sums].map(([user, nanoUsd]) => ({ user, nanoUsd })))
  }
}

async function aBudget(options: { clock?: FakeClock; ledger?: FakeLedger; names?: string[] } = {}) {
  const clock = options.clock ?? new FakeClock(noon)
  const ledger = options.ledger ?? new FakeLedger()
  const onTrouble = vi.fn()
  const budget = createDayBudget({ clock, spentSince: (fromMs) => ledger.spentSince(fromMs), onTrouble })
  await budget.configure((options.names ?? ['ann', 'bob']).map((name) => key(name)))
  return { clock, ledger, budget, onTrouble }
}

const estimate = (nanoUsd: number) => ({ nanoUsd, assumedOutputTokens: null })

/** Null: it may. */
function refusalOf(budget: DayBudget, user: string, id: string, openedAtMs: number, nanoUsd: number) {
  try {
    spendingOf(budget, user).reserve({ id, openedAtMs }, estimate(nanoUsd))
    return null
  } catch (thrown) {
    if (thrown instanceof ProxyError) return thrown
    throw thrown
  }
}

function spendingOf(budget: DayBudget, user: string): Spending {
  const spending = budget.spendingOf(caller(user))
  if (spending === null) throw new Error('this key has a limit')
  return spending
}

const cost = (id: string, user: string, nanoUsd: number, more: Partial<Charge> = {}) => ({
  ...{ exchangeId: id, user, nanoUsd, openedAtMs: noon, mayBeMore: false, ...more },
})

describe('a key with a daily limit', () => {
  it('may have open what fits into the day together with what was spent, and not one nano-dollar more', async () => {
    const { budget } = await aBudget()
    expect(refusalOf(budget, 'ann', 'a', noon, 60)).toBeNull()
    expect(refusalOf(budget, 'ann', 'b', noon, 41)).toMatchObject({
      ...{ code: 'spending_limit', status: 429, shouldRetry: false, retryAfterMs: dayMs / 2 },
    })
    expect(refusalOf(budget, 'ann', 'b', noon, 40)).toBeNull()
    expect(refusalOf(budget, 'bob', 'c', noon, 100)).toBeNull()
  })

  it('gets back what a call did not need', async () => {
    const { budget } = await aBudget()
    refusalOf(budget, 'ann', 'a', noon, 100)
    budget.closed(() => cost('a', 'ann', 30))
    expect(refusalOf(budget, 'ann', 'b', noon, 71)?.code).toBe('spending_limit')
    expect(refusalOf(budget, 'ann', 'b', noon, 70)).toBeNull()
  })

  it('gets it back as soon as it is certain, and no more when the record comes', async () => {
    const { budget } = await aBudget()
    refusalOf(budget, 'ann', 'a', noon, 100)
    spendingOf(budget, 'ann').lower('a', 30)
    expect(refusalOf(budget, 'ann', 'b', noon, 71)?.code).toBe('spending_limit')
    budget.closed(() => cost('a', 'ann', 30))
    expect(refusalOf(budget, 'ann', 'b', noon, 71)?.code).toBe('spending_limit')
    expect(refusalOf(budget, 'ann', 'b', noon, 70)).toBeNull()
  })

  it('pays what a call really cost, though it was more than was set aside', async () => {
    const { budget } = await aBudget()
    refusalOf(budget, 'ann', 'a', noon, 10)
    budget.closed(() => cost('a', 'ann', 95))
    expect(refusalOf(budget, 'ann', 'b', noon, 6)?.code).toBe('spending_limit')
  })

  it('does not get back what nobody knows the cost of', async () => {
    const { budget } = await aBudget()
    refusalOf(budget, 'ann', 'a', noon, 80)
    budget.closed(() => cost('a', 'ann', 5, { mayBeMore: true }))
    expect(refusalOf(budget, 'ann', 'b', noon, 21)?.code).toBe('spending_limit')
    expect(refusalOf(budget, 'ann', 'b', noon, 20)).toBeNull()
  })

  it('is told that a call fits into no day, which waiting does not change', async () => {
    const { budget } = await aBudget()
    const refusal = refusalOf(budget, 'ann', 'a', noon, 101)
    expect(refusal).toMatchObject({ code: 'call_over_limit', status: 429, shouldRetry: false })
    expect(refusal?.message).toMatch(/no day has room for it: lower max_tokens or shorten the prompt/)
  })

  it('has room for a further attempt only where it has, and once', async () => {
    const { budget } = await aBudget()
    const ann = spendingOf(budget, 'ann')
    refusalOf(budget, 'ann', 'a', noon, 60)
    refusalOf(budget, 'ann', 'b', noon, 10)
    expect(ann.raise('a', 91)).toBe(false)
    for (const _ of [1, 2]) expect(ann.raise('a', 90)).toBe(true)
    expect(refusalOf(budget, 'ann', 'c', noon, 1)?.code).toBe('spending_limit')
    budget.closed(() => cost('a', 'ann', 0))
    expect(refusalOf(budget, 'ann', 'c', noon, 90)).toBeNull()
  })

  it('has no limit where its configuration has none', async () => {
    const { budget } = await aBudget()
    expect(budget.spendingOf(caller('ann', null))).toBeNull()
    expect(budget.spendingOf({ kind: 'open' })).toBeNull()
  })
})

describe('midnight UTC', () => {
  it('opens a new day, and what was opened before it counts for the day before', async () => {
    const clock = new FakeClock(midnight - 1_000)
    const { budget } = await aBudget({ clock })
    const opened = clock.nowMs()
    refusalOf(budget, 'ann', 'a', opened, 100)
    expect(refusalOf(budget, 'ann', 'b', opened, 1)?.retryAfterMs).toBe(1_000)
    clock.advance(1_000)
    expect(refusalOf(budget, 'ann', 'c', clock.nowMs(), 100)).toBeNull()
    budget.closed(() => cost('a', 'ann', 50, { openedAtMs: opened }))
    expect(refusalOf(budget, 'ann', 'd', clock.nowMs(), 1)?.code).toBe('spending_limit')
    // Whose body was long on its way.
    expect(refusalOf(budget, 'ann', 'e', opened, 51)).toMatchObject({
      code: 'spending_limit',
      retryAfterMs: 1_000,
    })
    expect(refusalOf(budget, 'ann', 'e', opened, 50)).toBeNull()
  })

  it('that comes back because a clock was set right is read again before anybody spends', async () => {
    const clock = new FakeClock(noon)
    const { budget, ledger } = await aBudget({ clock })
    expect(refusalOf(budget, 'ann', 'a', noon + 9 * dayMs, 1)).toBeNull()
    expect(refusalOf(budget, 'ann', 'b', noon, 1)?.code).toBe('ledger_failed')
    ledger.records.push({ id: 'x', user: 'ann', openedAtMs: noon, nanoUsd: 100 })
    await clock.advanceSlowly(10_000)
    expect(refusalOf(budget, 'ann', 'b', noon, 1)?.code).toBe('spending_limit')
  })
})

describe('the ledger', () => {
  it('is read before the first call, and tells what was spent since midnight by name', async () => {
    const ledger = new FakeLedger()
    const at = (openedAtMs: number, user: string, nanoUsd: number) =>
      ledger.records.push({ id: `r${ledger.records.length}`, user, openedAtMs, nanoUsd })
    at(midnight - dayMs, 'ann', 90)
    at(midnight - dayMs - 1, 'ann', 70)
    at(noon, 'bob', 20)
    const { budget } = await aBudget({ ledger })
    expect(refusalOf(budget, 'ann', 'a', noon, 11)?.code).toBe('spending_limit')
    expect(refusalOf(budget, 'ann', 'a', noon, 10)).toBeNull()
    expect(refusalOf(budget, 'bob', 'b', noon, 80)).toBeNull()
  })

  it('that cannot be read keeps every limited key waiting, and is asked again until it can', async () => {
    const ledger = new FakeLedger()
    ledger.fails = true
    const { budget, clock, onTrouble } = await aBudget({ ledger })
    expect(refusalOf(budget, 'ann', 'a', noon, 1)).toMatchObject({
      ...{ code: 'ledger_failed', status: 503, retryAfterMs: 2_000 },
    })
    await clock.advanceSlowly(6_000)
    expect(ledger.readings).toBe(4)
    expect(onTrouble).toHaveBeenCalledTimes(1)
    ledger.fails = false
    await clock.advanceSlowly(2_000)
    expect(refusalOf(budget, 'ann', 'a', noon, 100)).toBeNull()
  })

  it('that fails later does not: what is known stays known', async () => {
    const { budget, clock, ledger } = await aBudget()
    ledger.fails = true
    await clock.advanceSlowly(10_000)
    expect(refusalOf(budget, 'ann', 'a', noon, 100)).toBeNull()
  })

  it('is read again every ten seconds, for others spend too; what is ours counts once', async () => {
    const { budget, clock, ledger } = await aBudget()
    refusalOf(budget, 'ann', 'a', noon, 30)
    budget.closed(() => cost('a', 'ann', 30))
    ledger.records.push({ id: 'a', user: 'ann', openedAtMs: noon, nanoUsd: 30 })
    budget.written([{ id: 'a' }])
    ledger.records.push({ id: 'other', user: 'ann', openedAtMs: noon, nanoUsd: 20 })
    await clock.advanceSlowly(10_000)
    expect(refusalOf(budget, 'ann', 'b', noon, 51)?.code).toBe('spending_limit')
    expect(refusalOf(budget, 'ann', 'b', noon, 50)).toBeNull()
  })

  it('that takes a record while it is read counts it twice until the next reading, never not at all', async () => {
    const { budget, clock, ledger } = await aBudget()
    refusalOf(budget, 'ann', 'a', noon, 30)
    budget.closed(() => cost('a', 'ann', 30))
    const read = ledger.spentSince
    ledger.spentSince = (fromMs) => {
      ledger.records.push({ id: 'a', user: 'ann', openedAtMs: noon, nanoUsd: 30 })
      const spent = read(fromMs)
      budget.written([{ id: 'a' }])
      ledger.spentSince = read
      return spent
    }
    await clock.advanceSlowly(10_000)
    expect(refusalOf(budget, 'ann', 'b', noon, 71)?.code).toBe('spending_limit')
    await clock.advanceSlowly(10_000)
    expect(refusalOf(budget, 'ann', 'b', noon, 70)).toBeNull()
  })

  it('that has taken records of ours and does not show them yet makes nobody poorer or richer', async () => {
    const { budget, clock, ledger } = await aBudget()
    ledger.records.push({ id: 'other', user: 'ann', openedAtMs: noon, nanoUsd: 20 })
    await clock.advanceSlowly(10_000)
    refusalOf(budget, 'ann', 'a', noon, 30)
    budget.closed(() => cost('a', 'ann', 30))
    budget.written([{ id: 'a' }])
    await clock.advanceSlowly(10_000)
    expect(refusalOf(budget, 'ann', 'b', noon, 51)?.code).toBe('spending_limit')
    expect(refusalOf(budget, 'ann', 'b', noon, 50)).toBeNull()
  })

  it('is left alone where no key has a limit, from a reload on too', async () => {
    const { budget, clock, ledger } = await aBudget({ names: [] })
    const charge = vi.fn()
    budget.closed(charge)
    await budget.configure(['lp_admin_0123456789abcdef', key('ann', null)])
    expect([ledger.readings, clock.pending, charge.mock.calls.length]).toEqual([0, 0, 0])
    await budget.configure([key('ann')])
    expect([ledger.readings, clock.pending]).toEqual([1, 1])
    await budget.configure([key('ann'), key('bob')])
    expect([ledger.readings, clock.pending]).toEqual([1, 1])
    await budget.configure([])
    expect(clock.pending).toBe(0)
    // Its limit was taken away while it had a call on its way.
    expect(refusalOf(budget, 'ann', 'a', noon, 1_000)).toBeNull()
  })
})

type Deed =
  | { do: 'open'; user: string; nanoUsd: number }
  | { do: 'close'; which: number; share: number; certain: boolean; mayBeMore: boolean }
  | { do: 'commit' }
  | { do: 'wait'; ms: number }
  | { do: 'restart' }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      user: fc.constantFrom('ann', 'bob'),
      nanoUsd: fc.integer({ min: 1, max: 110 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{
        do: fc.constant('close' as const),
        which: fc.nat(),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      ...{ certain: fc.boolean(), mayBeMore: fc.constantFrom(false, false, false, true) },
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'commit' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 15_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

/** The same, told simply: a list of calls, each with its day and what it costs or could cost. */
class World {
  readonly clock = new FakeClock(midnight - 60_000)
  readonly ledger = new FakeLedger()
  budget!: DayBudget
  calls: { id: string; user: string; openedAtMs: number; nanoUsd: number; kept: number; open: boolean }[] = []
  pending: FakeLedger['records'] = []

  async start(): Promise<void> {
    this.budget = (await aBudget({ clock: this.clock, ledger: this.ledger })).budget
  }

  sum(user: string, of: (call: World['calls'][number]) => number): number {
    const today = Math.floor(this.clock.nowMs() / dayMs)
    return this.calls
      .filter((call) => call.user === user && Math.floor(call.openedAtMs / dayMs) === today)
      .reduce((total, call) => total + of(call), 0)
  }

  open(user: string, nanoUsd: number): void {
    const id = `c${this.calls.length}`
    const openedAtMs = this.clock.nowMs()
    const fits = this.sum(user, (call) => call.nanoUsd + call.kept) + nanoUsd <= limit
    const refusal = refusalOf(this.budget, user, id, openedAtMs, nanoUsd)
    expect(refusal?.code ?? null).toBe(fits ? null : nanoUsd > limit ? 'call_over_limit' : 'spending_limit')
    if (fits) this.calls.push({ id, user, openedAtMs, nanoUsd, kept: 0, open: true })
  }

  close(which: number, share: number, certain: boolean, mayBeMore: boolean): void {
    const open = this.calls.filter((call) => call.open)
    const call = open[which % Math.max(1, open.length)]
    if (!call) return
    const { id, user, openedAtMs } = call
    const real = Math.floor(call.nanoUsd * share)
    if (certain && !mayBeMore) spendingOf(this.budget, user).lower(id, real)
    this.budget.closed(() => cost(id, user, real, { openedAtMs, mayBeMore }))
    Object.assign(call, { nanoUsd: real, kept: mayBeMore ? call.nanoUsd - real : 0, open: false })
    this.pending.push({ id, user, openedAtMs, nanoUsd: real })
  }

  commit(): void {
    this.ledger.records.push(...this.pending)
    this.budget.written(this.pending)
    this.pending = []
  }

  /** What nobody knows the cost of stands in no ledger, so a restart forgets it. */
  async restart(): Promise<void> {
    while (this.calls.some(({ open }) => open)) this.close(0, 1, false, false)
    this.commit()
    this.budget.stop()
    for (const call of this.calls) call.kept = 0
    await this.start()
  }
}

it('never lets a day cost more than its limit, nor refuses what fits, in any order of events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 60, size: 'max' }), async (deeds) => {
      const world = new World()
      await world.start()
      for (const one of deeds) {
        if (one.do === 'open') world.open(one.user, one.nanoUsd)
        else if (one.do === 'close') world.close(one.which, one.share, one.certain, one.mayBeMore)
        else if (one.do === 'commit') world.commit()
        else if (one.do === 'wait') await world.clock.advanceSlowly(one.ms)
        else await world.restart()
        for (const user of ['ann', 'bob']) {
          expect(world.sum(user, ({ nanoUsd }) => nanoUsd)).toBeLessThanOrEqual(limit)
        }
      }
      world.budget.stop()
    }),
    { numRuns: 200 },
  )
})
