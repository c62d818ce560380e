import { expect, it } from 'vitest'
import { type OptOutChange, supersedes } from '../../src/core/opt-out-change.ts'
import { OptOuts } from '../../src/replacement/opt-outs.ts'
import { SharedOptOuts } from '../../src/replacement/shared-opt-outs.ts'
import { FakeClock } from '../support/fake-clock.ts'

/** A store in memory, which can be away. */
function aStore() {
  const rows = new Map<string, OptOutChange & { seq: number }>()
  const store = {
    isAway: false,
    asked: 0,
    async exchange(changes: readonly OptOutChange[], after: number) {
      store.asked++
      await Promise.resolve()
      if (store.isAway) throw new Error('away')
      for (const change of changes) {
        if (supersedes(change, rows.get(change.key))) rows.set(change.key, { ...change, seq: ++seq })
      }
      const found = [...rows.values()].filter((row) => row.seq >= after).sort((a, b) => a.seq - b.seq)
      return { changes: found, newest: found.at(-1)?.seq ?? 0 }
    },
    clear() {
      rows.clear()
      seq = 0
    },
  }
  let seq = 0
  return store
}

function aProxy(
  exchange: ReturnType<typeof aStore>['exchange'] | (() => Promise<null>),
  { clock = new FakeClock(), left = [] as readonly OptOutChange[], isNeeded = true } = {},
) {
  const kept: { changes: readonly OptOutChange[] } = { changes: left }
  const optOuts: OptOuts = new OptOuts({
    ...{ max: 100, nowMs: () => clock.nowMs() },
    onChange: (change) => shared.changed(change),
  })
  const shared = new SharedOptOuts({
    ...{ optOuts, exchange, clock, isNeeded: () => isNeeded },
    waiting: {
      read: () => kept.changes,
      write(changes) {
        kept.changes = changes
      },
    },
  })
  const settled = () => shared.now().catch(() => {})
  return { optOuts, shared, kept, clock, settled }
}

it('an opt-out of one proxy holds at another after its next question', async () => {
  const store = aStore()
  const [a, b] = [aProxy(store.exchange), aProxy(store.exchange)]
  await Promise.all([a.shared.start(), b.shared.start()])
  a.optOuts.add('s', 'alice')
  await a.settled()
  expect(b.optOuts.has('s', 'alice')).toBe(false)
  b.clock.advance(1_000)
  await b.settled()
  expect(b.optOuts.has('s', 'alice')).toBe(true)
  expect(b.optOuts.has('s', 'bob')).toBe(false)
})

it('what is changed while the store is away holds at once, waits on disk, and is written when it is back', async () => {
  const store = aStore()
  const [a, b] = [aProxy(store.exchange), aProxy(store.exchange)]
  store.isAway = true
  await a.shared.start()
  a.optOuts.add('s', null)
  await a.settled()
  expect(a.optOuts.has('s', null)).toBe(true)
  expect(a.kept.changes.map(({ isOptedOut }) => isOptedOut)).toEqual([true])
  store.isAway = false
  a.clock.advance(1_000)
  await a.settled()
  expect(a.kept.changes).toEqual([])
  await b.shared.start()
  expect(b.optOuts.has('s', null)).toBe(true)
})

it('what a killed process left is taken over', async () => {
  const store = aStore()
  const next = aProxy(store.exchange, { left: [{ key: '["s",null]', isOptedOut: true, atMs: 1 }] })
  expect(next.optOuts.has('s', null)).toBe(true)
  await next.shared.start()
  expect(next.kept.changes).toEqual([])
  const other = aProxy(store.exchange)
  await other.shared.start()
  expect(other.optOuts.has('s', null)).toBe(true)
})

it('a removal wins over an older add that is written after it', async () => {
  const store = aStore()
  const clocks = { a: new FakeClock(), b: new FakeClock() }
  const [a, b] = [aProxy(store.exchange, { clock: clocks.a }), aProxy(store.exchange, { clock: clocks.b })]
  b.optOuts.add('s', null)
  await b.settled()
  store.isAway = true
  a.optOuts.add('s', null)
  await a.settled()
  store.isAway = false
  clocks.b.advance(10)
  expect(b.optOuts.remove('s', null)).toBe(true)
  await b.settled()
  await a.settled()
  await b.settled()
  expect([a, b].map(({ optOuts }) => optOuts.has('s', null))).toEqual([false, false])
})

it('a removal counts though the clock of who opted out was ahead', async () => {
  const store = aStore()
  const [ahead, b] = [
    aProxy(store.exchange, { clock: new FakeClock(Date.UTC(2030, 0)) }),
    aProxy(store.exchange),
  ]
  ahead.optOuts.add('s', null)
  await ahead.settled()
  await b.settled()
  expect(b.optOuts.remove('s', null)).toBe(true)
  await b.settled()
  await ahead.settled()
  expect(ahead.optOuts.has('s', null)).toBe(false)
})

it('a store that was made anew is read from its beginning', async () => {
  const store = aStore()
  const [a, b] = [aProxy(store.exchange), aProxy(store.exchange)]
  for (const session of ['one', 'two', 'three']) a.optOuts.add(session, null)
  await a.settled()
  await b.settled()
  await b.settled()
  store.clear()
  a.optOuts.add('four', null)
  await a.settled()
  await b.settled()
  await b.settled()
  expect(b.optOuts.has('four', null)).toBe(true)
})

it('nothing is asked while nobody is replaced and nothing waits, and nothing after the end', async () => {
  const store = aStore()
  const idle = aProxy(store.exchange, { isNeeded: false })
  await idle.shared.start()
  idle.clock.advance(5_000)
  expect(store.asked).toBe(0)
  const busy = aProxy(store.exchange)
  await busy.shared.start()
  await busy.shared.stop()
  const asked = store.asked
  busy.clock.advance(5_000)
  expect(store.asked).toBe(asked)
})

it('a store that keeps none leaves them in memory, and is asked once', async () => {
  let asked = 0
  const proxy = aProxy(() => {
    asked++
    return Promise.resolve(null)
  })
  await proxy.shared.start()
  proxy.optOuts.add('s', null)
  proxy.clock.advance(5_000)
  expect(proxy.optOuts.has('s', null)).toBe(true)
  expect(proxy.kept.changes).toEqual([])
  expect(asked).toBe(1)
})
