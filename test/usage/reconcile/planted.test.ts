import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepareReconciliation } from '../../../src/usage/reconcile/index.ts'
import type { ReconcileReport, ReportRow } from '../../../src/usage/reconcile/report.ts'
import { countedFaults, type Fault, faults, overMidnight, type Planted } from './truth/faults.ts'
import { type DailyStyle, dailyCsv, dailyMap, openRouterCsv } from './truth/invoices.ts'
import { aWorld, begin, type Draw, day, hour, recordsOf, type World } from './truth/world.ts'

/** Less than the least that is planted. */
const tolerancePercent = 0.001
const names = new Map([
  ['anthropic/claude-4.5-sonnet-20250929', 'claude-sonnet-4.5'],
  ['openai/gpt-4o-2024-08-06', 'gpt-4o'],
  ['openai/gpt-4o-mini', 'gpt-4o-mini'],
  ['google/gemini-2.5-pro', 'gemini-2.5-pro'],
])
const asked = { timeZone: 'UTC', nowMs: Date.parse('2026-11-01T00:00:00Z') }

async function reportOf(world: World, csv: string, map: string | null): Promise<ReconcileReport> {
  const prepared = await prepareReconciliation({
    ...{ ...asked, map, tolerancePercent, since: isoDay(0), until: isoDay(world.days - 1) },
    backends: map === null ? [] : ['openrouter'],
    bytes: inPieces(Buffer.from(csv)),
  })
  expect(prepared.query.getAll('backend')).toEqual(['openrouter'])
  const lines = recordsOf(world).map((record) => `${JSON.stringify(record)}\n`)
  return prepared.compare(inPieces(Buffer.from(lines.join(''))))
}

/** As files come: cut anywhere, also within a letter. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve()
  for (let at = 0; at < bytes.length; at += 1_013) yield bytes.subarray(at, at + 1_013)
}

const isoDay = (index: number) => new Date(begin + index * day).toISOString().slice(0, 10)
const keyOf = (row: Pick<ReportRow, 'date' | 'model'>) => `${row.date} ${row.model}`
const keyOfPlanted = (one: Planted) => `${isoDay(one.day)} ${names.get(one.model.listed)}`
const differing = (report: ReconcileReport) => report.rows.filter((row) => !row.within_tolerance)

function expectPlanted(report: ReconcileReport, planted: readonly Planted[]): void {
  const found = new Map(differing(report).map((row) => [keyOf(row), row]))
  expect([...found.keys()].sort()).toEqual(planted.map(keyOfPlanted).sort())
  for (const one of planted) {
    const row = found.get(keyOfPlanted(one))!
    expect(row.difference.tokens).toBe(one.tokens)
    expect(row.difference.cost_usd).toBeCloseTo(one.nanoUsd / 1e9, 8)
    const [first] = row.causes
    expect(first?.cause).toBe(one.cause)
    expect(first?.tokens).toBe(one.tokens)
    expect(first?.cost_usd).toBeCloseTo(one.nanoUsd / 1e9, 8)
    expect(first?.sentence).toMatch(/^[A-Z0-9].{20,}\.$/)
  }
  expect(report.within_tolerance).toBe(planted.length === 0)
}

const formats = ['openrouter', 'plain', 'german', 'american'] as const
type Format = (typeof formats)[number]

function csvOf(world: World, format: Format): { csv: string; map: string | null } {
  if (format === 'openrouter') return { csv: openRouterCsv(world), map: null }
  return { csv: dailyCsv(world, { offset: 0, style: format }), map: dailyMap[format] }
}

const anyFormat = fc.constantFrom(...formats)
const drawn =
  (g: fc.GeneratorValue): Draw =>
  (min, max) =>
    g(fc.integer, { min, max })
const runs = { numRuns: 25 }

async function expectFaults(g: fc.GeneratorValue, format: Format, chosen: readonly Fault[]): Promise<void> {
  const draw = drawn(g)
  const world = aWorld(draw)
  const planted: Planted[] = []
  chosen.forEach((fault, index) => {
    // Each fault has a model of its own, and any day.
    planted.push(...fault(world, draw(0, world.days - 1), world.models[index]!, draw))
  })
  const { csv, map } = csvOf(world, format)
  const report = await reportOf(world, csv, map)
  expectPlanted(report, planted)
}

describe('an invoice beside a ledger', () => {
  it('that agree: nothing is reported', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), anyFormat, async (g, format) => {
        const world = aWorld(drawn(g))
        const { csv, map } = csvOf(world, format)
        const report = await reportOf(world, csv, map)
        expect(differing(report)).toEqual([])
        expect(report).toMatchObject({ within_tolerance: true, causes: [], invoice_utc_offsets: null })
        expect(report.rows).toHaveLength(world.days * world.models.length)
        expect(report.total.difference).toEqual({ tokens: 0, cost_usd: 0 })
      }),
      runs,
    )
  })

  it.each(Object.keys(faults))('with %s planted: found with its size, and named first', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), anyFormat, (g, format) => expectFaults(g, format, [faults[name]!])),
      runs,
    )
  })

  it.each(Object.keys(countedFaults))(
    'with calls of a day and model that are %s: found by the number of calls',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(fc.gen(), (g) => expectFaults(g, 'openrouter', [countedFaults[name]!])),
        runs,
      )
    },
  )

  it('with two faults planted, on models of their own: both are found', async () => {
    const anyFault = fc.constantFrom(...Object.keys(faults))
    await fc.assert(
      fc.asyncProperty(fc.gen(), anyFormat, anyFault, anyFault, (g, format, first, second) =>
        expectFaults(g, format, [faults[first]!, faults[second]!]),
      ),
      { numRuns: 100 },
    )
  })

  it('whose provider dates at the end what ran over midnight: said so on both days', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), anyFormat, async (g, format) => {
        const draw = drawn(g)
        const world = aWorld(draw)
        const planted = overMidnight(world, draw(0, world.days - 2), world.models[0]!, draw)
        const { csv, map } = csvOf(world, format)
        expectPlanted(await reportOf(world, csv, map), planted)
      }),
      runs,
    )
  })
})

describe('an invoice whose days begin at another hour', () => {
  const anyOffset = fc.integer({ min: -12, max: 14 }).filter((offset) => offset !== 0)
  const anyStyle = fc.constantFrom<DailyStyle['style']>('plain', 'german', 'american')

  /** Whether an exchange is on two days of the invoice's period: what only leaves it may as well be missing. */
  const movesWithin = (world: World, offset: number) =>
    world.exchanges.some(({ day: at, generation }) => {
      const moved = Math.floor((generation!.atMs + offset * hour - begin) / day)
      return moved !== at && [moved, at].every((index) => index >= 0 && index < world.days)
    })

  it('is recognised, and all of its differences are put down to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), anyOffset, anyStyle, async (g, offset, style) => {
        const world = aWorld(drawn(g))
        const report = await reportOf(world, dailyCsv(world, { offset, style }), dailyMap[style])
        fc.pre(movesWithin(world, offset) && differing(report).length > 0)
        expect(report.invoice_utc_offsets).toContain(offset)
        for (const row of differing(report)) {
          expect(row.causes.map(({ cause }) => cause)).toEqual(['time_zone'])
          expect(row.causes[0]).toMatchObject({ ...row.difference, share: 1 })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('does not hide what else is wrong', async () => {
    const anyFault = fc.constantFrom('disconnects', 'crash', 'missing_reports', 'retries')
    await fc.assert(
      fc.asyncProperty(fc.gen(), anyOffset, anyFault, async (g, offset, fault) => {
        const draw = drawn(g)
        const world = aWorld(draw, { days: 4 })
        const [planted] = faults[fault]!(world, draw(0, 3), world.models[0]!, draw)
        const report = await reportOf(world, dailyCsv(world, { offset, style: 'plain' }), dailyMap.plain)
        fc.pre(report.invoice_utc_offsets?.[0] === offset)
        const others = report.causes.filter(({ cause }) => cause !== 'time_zone')
        // Exchanges near midnight may be on the days before or after the invoice.
        fc.pre(others.length > 0)
        expect(others.map(({ cause }) => cause)).toEqual([planted!.cause])
        expect(Math.abs(others[0]!.tokens!)).toBeLessThanOrEqual(Math.abs(planted!.tokens))
      }),
      { numRuns: 60 },
    )
  })
})
