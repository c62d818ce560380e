import { expect, it } from 'vitest'
import { watchMs, withWatchSeconds } from '../../../src/cli/live/watch-flag.ts'

it.each([
  [['--watch'], ['--watch=2']],
  [
    ['--watch', '--json'],
    ['--watch=2', '--json'],
  ],
  [
    ['--watch', '5', '--json'],
    ['--watch', '5', '--json'],
  ],
  [
    ['--watch', '0.5'],
    ['--watch', '0.5'],
  ],
  [['--watch=7'], ['--watch=7']],
  [['--check'], ['--check']],
])('%j is read as %j', (argv, read) => expect(withWatchSeconds(argv)).toEqual(read))

it('takes seconds within reason', () => {
  expect([watchMs('2'), watchMs('0.2'), watchMs('3600')]).toEqual([2_000, 200, 3_600_000])
  for (const bad of ['0', '0.19', '3601', '-1', 'x', '', '1s', '1e1']) {
    expect(() => watchMs(bad)).toThrow(`--watch takes 0.2 to 3600 seconds, not ${JSON.stringify(bad)}`)
  }
})
