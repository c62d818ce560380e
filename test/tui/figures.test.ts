import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/cli/text-width.ts'
import {
  countFigure,
  durationFigure,
  percentFigure,
  rateFigure,
  tokensFigure,
  usdFigure,
} from '../../src/tui/figures.ts'
import { ageFigure } from '../../src/tui/words.ts'

const anyNumber = fc.oneof(
  fc.double({ min: 0, max: 1e16, noNaN: true }),
  fc.double({ min: 0, max: 1e4, noNaN: true }),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.maxSafeNat(),
  // Where roundings make one digit more.
  fc
    .tuple(fc.integer({ min: -4, max: 15 }), fc.double({ min: -1e-3, max: 1e-3, noNaN: true }))
    .map(([power, off]) => 10 ** power * (1 + off)),
)

describe('figures', () => {
  it.each([
    ['tokens', tokensFigure, 5],
    ['counts', countFigure, 5],
    ['rates', rateFigure, 5],
    ['durations', durationFigure, 5],
    ['ages', ageFigure, 5],
    ['dollars', usdFigure, 6],
    ['percents', percentFigure, 5],
  ] as const)('of %s never take more columns than they may, whatever the number', (_, figure, widest) => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        expect(columnsOf(figure(value))).toBeLessThanOrEqual(widest)
        expect(figure(value)).not.toMatch(/NaN|e\+|undefined|Infinity/)
      }),
      { numRuns: 800 },
    )
  })

  it.each([tokensFigure, countFigure, rateFigure, durationFigure, ageFigure, usdFigure, percentFigure])(
    '%o: what nobody knows is a dash, and nothing is not a dash',
    (figure) => {
      expect(figure(null)).toBe('—')
      expect(figure(0)).toMatch(/0/)
    },
  )

  it('what is not nothing never reads as nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.1, noNaN: true }), (value) => {
        expect(usdFigure(value)).not.toBe('$0.00')
        expect(percentFigure(value)).not.toMatch(/^0(\.0)?%$/)
        expect(rateFigure(value)).not.toBe('0.0')
      }),
    )
  })

  it.each([
    [
      durationFigure,
      [
        [0, '0ms'],
        [999.4, '999ms'],
        [999.6, '1.0s'],
        [59_949, '59.9s'],
        [59_951, '1m00s'],
        [64_000, '1m04s'],
        [599_700, '10m'],
        [3_599_900, '1h00m'],
        [11_100_000, '3h05m'],
        [44_640_000, '12.4h'],
        [864_000_000, '10d'],
      ],
    ],
    [
      usdFigure,
      [
        [0, '$0.00'],
        [0.0004, '<$.001'],
        [0.0912, '$0.091'],
        [0.9996, '$1.00'],
        [21.4, '$21.40'],
        [123.44, '$123.4'],
        [1_234, '$1.2k'],
      ],
    ],
    [
      tokensFigure,
      [
        [987, '987'],
        [999.6, '1.0k'],
        [48_210, '48.2k'],
        [99_960, '100k'],
        [1_234_000, '1.2M'],
      ],
    ],
    [
      countFigure,
      [
        [4_812, '4,812'],
        [12_345, '12.3k'],
      ],
    ],
    [
      rateFigure,
      [
        [0.04, '<0.1'],
        [4.2, '4.2'],
        [9.96, '10'],
        [1_900, '1.9k'],
      ],
    ],
    [
      percentFigure,
      [
        [0, '0%'],
        [0.0001, '<0.1%'],
        [0.0119, '1.2%'],
        [0.61, '61%'],
        [1, '100%'],
      ],
    ],
    [
      ageFigure,
      [
        [900, '0s'],
        [41_900, '41s'],
        [64_900, '1m04s'],
      ],
    ],
  ] as const)('%o reads as it does in the drawings', (figure, cases) => {
    for (const [value, text] of cases) expect(figure(value)).toBe(text)
  })
})
