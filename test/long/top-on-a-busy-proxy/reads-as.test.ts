import { expect, it } from 'vitest'
import { readsAs, readsAsAge, readsAsCounted } from './reads-as.ts'

it.each<[string, number, number]>([
  // A text, a number that it says, and one that it does not.
  ['48.2k', 48_210, 48_260],
  ['4,812', 4_812, 4_813],
  ['380ms', 380.4, 380.6],
  ['1.6s', 1_640, 1_660],
  ['1m04s', 64_400, 64_600],
  ['3h05m', 11_110_000, 11_140_000],
  ['$0.091', 0.0912, 0.0916],
  ['$1.2k', 1_240, 1_260],
  ['<$.001', 0.0004, 0],
  ['<0.1%', 0.0004, 0],
  ['61%', 0.614, 0.616],
  ['0.0', 0.04, 0.06],
  ['0', 0, 1],
])('reads %s as %d, and not as %d', (text, is, isNot) => {
  expect([readsAs(text, is), readsAs(text, isNot), readsAs(text, null)]).toEqual([true, false, false])
})

it('reads a dash as what nobody knows, and words as nothing', () => {
  expect([readsAs('—', null), readsAs('—', 0), readsAs('live', 0), readsAs('', 0)]).toEqual([
    true,
    false,
    false,
    false,
  ])
})

it('reads ages as seconds that are over, and ~ as counted', () => {
  expect([readsAsAge('41s', 41_900), readsAsAge('41s', 40_900), readsAsAge('41s', 42_000)]).toEqual([
    true,
    false,
    false,
  ])
  expect([readsAsAge('1m04s', 64_900), readsAsAge('1m04s', 66_100)]).toEqual([true, false])
  expect([
    readsAsCounted('~580', 580),
    readsAsCounted('580', 580),
    readsAsCounted('580', 580, false),
  ]).toEqual([true, false, true])
})
