import { expect, it } from 'vitest'
import { addStored } from '../../../src/usage/rollups/stored-tally.ts'
import { Tally } from '../../../src/usage/statistics/tally.ts'

/** Two requests, written by hand: every file that was ever written must be read so. */
const stored = {
  // A sum each, doubled; the first is of the requests. CTP is the first of the last four.
  sums: ['1b', '04', '04', '00'.repeat(21), 'c801', '00'.repeat(3)],
  // A millisecond and two.
  times: ['02', '04'],
  // 300 nano-dollars; 2^52 and one more, of which the first is carried; and less than nothing.
  costs: ['00', 'd804', '02', '02', '00', '01', 'c014000000000000'],
  // The first measure has two values: a sum of 1.5, from 0.5 to 1. The others have none.
  measures: ['04', '3ff8000000000000', '3fe0000000000000', '3ff0000000000000', '00'.repeat(5)],
  // Billed by the catalogue; of tools, statuses and outcomes only a status, of both.
  names: [
    '01',
    '09',
    Buffer.from('catalogue').toString('hex'),
    '00',
    'd804',
    '00',
    '01',
    '03',
    '323030',
    '04',
    '00',
  ],
}
/** Of each measure: zeros, then the bins above (−34 and 0, once each), then those below. Of the sessions one register. */
const sketches = ['00', '02', '43', '22', '00', '01', '22', '01', '00', '00'.repeat(3 * 5), '01', '430100']

function bytes(...parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.join(''), 'hex')
}

it('a stored roll-up says of its records what it said when it was stored', () => {
  const tally = new Tally(true)
  addStored(tally, bytes(...Object.values(stored).flat()), bytes(...sketches))
  expect(tally.sums).toMatchObject({ requests: 2, responses: 2, errors: 0, CTP: 100, PTC: 0 })
  expect([tally.firstMs, tally.lastMs]).toEqual([1, 2])
  expect([tally.cost.value, tally.listCost.value, tally.cacheSavings.value]).toEqual([
    300n,
    2n ** 52n + 1n,
    -5n,
  ])
  expect(tally.measures.ttft.summary()).toMatchObject({
    count: 2,
    min: 0.5,
    max: 1,
    avg: 0.75,
    p99: expect.closeTo(1, 1),
  })
  expect(tally.measures.gap.summary()).toBeNull()
  expect(tally.costOf('catalogue').value).toBe(300n)
  expect([...tally.statuses, ...tally.tools, ...tally.outcomes]).toEqual([['200', 2]])
  expect(tally.sessions.count).toBe(1)
})
