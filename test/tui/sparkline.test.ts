import { describe, expect, it } from 'vitest'
import { ratioBar, sparkline } from '../../src/tui/sparkline.ts'

describe('a sparkline', () => {
  it('has a bar for each value, scaled to the largest, and a gap where nothing was measured', () => {
    expect(sparkline([0, 1, null, 7, 3.5], 5)).toBe('▁▂ █▅')
  })

  it('of nothing but zeros is flat, of nothing measured is empty', () => {
    expect(sparkline([0, 0, 0], 3)).toBe('▁▁▁')
    expect(sparkline([null, null], 4)).toBe('    ')
  })

  it('stands at the right where there is more room than values', () => {
    expect(sparkline([1, 1], 4)).toBe('  ██')
  })

  it('keeps the highest of those that share a bar: no peak is lost', () => {
    const values = Array.from({ length: 60 }, (_, at) => (at === 31 ? 9 : 1))
    expect(sparkline(values, 12)).toContain('█')
    expect(sparkline(values, 12)).toHaveLength(12)
  })

  it('puts the same values into the same bars as time goes on', () => {
    const all = Array.from({ length: 90 }, (_, at) => (at * 7) % 11)
    const drawn = (newest: number) => sparkline(all.slice(newest - 59, newest + 1), 12, newest)
    // Six values a bar: within six steps only the newest bar changes, and the oldest may leave.
    expect(drawn(71).slice(2, -1)).toBe(drawn(66).slice(2, -1))
    expect(drawn(72).slice(1, -1)).toBe(drawn(71).slice(2))
  })

  it('never has another width than asked for', () => {
    for (let width = 0; width < 70; width++) {
      for (const newest of [0, 3, 59, 1_234]) {
        expect(
          sparkline(
            Array.from({ length: 60 }, () => 1),
            width,
            newest,
          ),
        ).toHaveLength(width)
      }
    }
  })
})

it('a bar of a share is full only where it is', () => {
  expect([ratioBar(0), ratioBar(0.5), ratioBar(1), ratioBar(7), ratioBar(null)]).toEqual([
    ...['░░░░░░░░', '▇▇▇▇░░░░', '▇▇▇▇▇▇▇▇', '▇▇▇▇▇▇▇▇', ''],
  ])
})
