import { expect, test } from 'vitest'
import { scaled } from '../../src/prices/decimal.ts'

test.each([
  [0.1, 12, 100_000_000_000n],
  [0.003625, 12, 3_625_000_000n],
  [1e-7, 12, 100_000n],
  [1.5e-12, 12, 2n],
  [4e-13, 12, 0n],
  [0.18000000000000002, 12, 180_000_000_000n],
  [1_000_000, 12, 1_000_000_000_000_000_000n],
  [1e21, 0, 1_000_000_000_000_000_000_000n],
  [0, 9, 0n],
])('%d by ten to the power of %d is exact', (value, digits, expected) => {
  expect(scaled(value, digits)).toBe(expected)
})
