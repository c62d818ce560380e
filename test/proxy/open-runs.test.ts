import { expect, test } from 'vitest'
import type { ExchangeRun } from '../../src/proxy/exchange-run.ts'
import { OpenRuns } from '../../src/proxy/open-runs.ts'

const aRun = (id: string) => ({ exchange: { id } }) as ExchangeRun
const idsOf = (runs: OpenRuns) => [...runs].map((run) => run.exchange.id)

test('holds what was added and not yet removed', () => {
  const runs = new OpenRuns()
  const places = ['a', 'b', 'c'].map((id) => runs.add(aRun(id)))
  runs.remove(places[1] ?? -1)
  expect(idsOf(runs)).toEqual(['a', 'c'])
  expect(runs.size).toBe(2)
})

test('uses places again, so that it grows only with what is open at the same time', () => {
  const runs = new OpenRuns()
  const kept = runs.add(aRun('kept'))
  for (let i = 0; i < 1000; i++) runs.remove(runs.add(aRun(`${i}`)))
  expect(runs.add(aRun('last'))).toBe(kept + 1)
  expect(idsOf(runs)).toEqual(['kept', 'last'])
})

test('a second removal changes nothing', () => {
  const runs = new OpenRuns()
  const place = runs.add(aRun('a'))
  runs.remove(place)
  runs.remove(place)
  runs.add(aRun('b'))
  runs.add(aRun('c'))
  expect(idsOf(runs)).toEqual(['b', 'c'])
  expect(runs.size).toBe(2)
})
