import { expect, it } from 'vitest'
import { calibrated } from '../replacement/effectiveness/calibrated.ts'
import { type LedgerShape, shapes } from '../replacement/effectiveness/ledgers.ts'

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Beyond what is promised: many more sessions on one side, few replaced requests in each of the others. */
const uneven: Record<string, LedgerShape> = {
  'ten times as many sessions on one side': {
    ...{ sessions: { least: 300, most: 360 }, length: { median: 8, spread: 1.2 } },
    ...{ costSpread: { session: 1, request: 1 }, rolled: 'session', probability: 0.1 },
  },
  'one request in thirty is replaced': {
    ...{ sessions: { least: 350, most: 450 }, length: { median: 4, spread: 1 } },
    ...{ costSpread: { session: 1.2, request: 1.2 }, rolled: 'request', probability: 0.033 },
  },
}

it.each(Object.entries({ ...shapes, ...uneven }))(
  'of 1,000 ledgers without a difference, %s, at most 7 of 100 have an interval that excludes 0',
  async (name, shape) => {
    const { missed, below, above } = await calibrated(shape, 1_000)
    console.log(`${name}: ${percent(missed)} (${percent(below)} below 0, ${percent(above)} above)`)
    expect(missed).toBeLessThanOrEqual(0.07)
  },
)

it.each([0.25, 3])(
  'of 1,000 ledgers in which a replaced request costs %s times as much, 93 of 100 intervals have the difference',
  async (factor) => {
    const shape: LedgerShape = {
      ...shapes['whole sessions are replaced'],
      costSpread: { session: 0.4, request: 0.7 },
    }
    const { missed, found } = await calibrated(shape, 1_000, factor)
    console.log(`${factor} times: ${percent(missed)} miss it, ${percent(found)} exclude 0`)
    expect(missed).toBeLessThanOrEqual(0.07)
    expect(found).toBeGreaterThan(0.9)
  },
)

it.each([0.1, 3])(
  'where costs are very uneven and a replaced one is %s times as much, 88 of 100 have it, and none tells the wrong sign',
  async (factor) => {
    const { missed, wrong } = await calibrated(shapes['one request in ten is replaced'], 1_000, factor)
    console.log(
      `very uneven, ${factor} times: ${percent(missed)} miss it, ${percent(wrong)} have the wrong sign`,
    )
    expect(missed).toBeLessThanOrEqual(0.12)
    expect(wrong).toBe(0)
  },
)
