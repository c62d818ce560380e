import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  averageText,
  averageTokensText,
  pointsText,
  rateText,
  requestCostText,
  shareText,
  signedText,
} from '../../../src/cli/replacement/amounts.ts'

describe('amounts are read at a glance', () => {
  it.each([
    [shareText, 0.2, '20%'],
    [shareText, 0.194_2, '19.4%'],
    [shareText, 0.000_2, '0.02%'],
    [shareText, 1, '100%'],
    [rateText, 0, '0 a day'],
    [rateText, 2.345_6, '2.35 a second'],
    [rateText, 0.07, '4.2 a minute'],
    [rateText, 0.011_6, '41.8 an hour'],
    [rateText, 0.000_02, '1.73 a day'],
    [averageText, 2.895_5, '2.9'],
    [averageText, 48_213.4, '48,213'],
    [averageTokensText, 0.4, '0.4'],
    [averageTokensText, 987.51, '988'],
    [averageTokensText, 48_213.4, '48.2k'],
    [requestCostText, 0, '$0.00'],
    [requestCostText, 12.345, '$12.35'],
    [requestCostText, 0.0912, '$0.0912'],
    [requestCostText, 0.0087, '$0.0087'],
    [requestCostText, 0.001_234_56, '$0.00123'],
    [requestCostText, 0.000_021_34, '$0.0000213'],
    [pointsText, 0.0042, '+0.42 points'],
    [pointsText, -0.25, '-25 points'],
    [pointsText, 0, '0 points'],
  ])('%o of %d is %s', (text, value, said) => expect(text(value)).toBe(said))

  it('a difference has its sign before all else', () => {
    expect(signedText(-0.0123, requestCostText)).toBe('-$0.0123')
    expect(signedText(0.0123, requestCostText)).toBe('+$0.0123')
    expect(signedText(-0, requestCostText)).toBe('$0.00')
  })
})

it('a cost a request that is not nothing never reads as nothing, and is off by 1% at most', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 5_000, noNaN: true }), (usd) => {
      const shown = Number(requestCostText(usd).replace(/[$,]/g, ''))
      expect(Math.abs(shown - usd)).toBeLessThanOrEqual(usd * 0.01)
    }),
  )
})
