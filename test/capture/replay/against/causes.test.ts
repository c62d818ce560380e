import { describe, expect, it } from 'vitest'
import { causesOf } from '../../../../src/capture/replay/against/causes.ts'

const at = (session: string | null, openedAtNs: number, endedAtNs: number | null) => ({
  ...{ session, openedAtNs, endedAtNs },
})

describe('an exchange waits', () => {
  it('for the one of its session that was over before it was opened', () => {
    expect(causesOf([at('a', 0, 10), at('b', 5, 20), at('a', 11, 20), at('b', 20, 30)])).toEqual([
      [],
      [],
      [0],
      [1],
    ])
  })

  it('for none that it overlapped, none that never ended, and without a session for nobody', () => {
    expect(causesOf([at('a', 0, 10), at('a', 9, 20), at('a', 15, 16)])).toEqual([[], [], [0]])
    expect(causesOf([at('a', 0, null), at('a', 9, 20)])).toEqual([[], []])
    expect(causesOf([at(null, 0, 1), at(null, 9, 20)])).toEqual([[], []])
  })

  it('for the last of those only, which waited for the others', () => {
    const parallel = [at('a', 0, 1), at('a', 2, 10), at('a', 3, 8), at('a', 9, 12), at('a', 20, 30)]
    expect(causesOf(parallel)).toEqual([[], [0], [0], [2], [1, 3]])
  })

  it('and all of a long session wait without looking at all of it each time', () => {
    const turns = Array.from({ length: 20_000 }, (_, turn) => at('a', turn * 10, turn * 10 + 5))
    expect(causesOf(turns).every((causes, turn) => causes.length === (turn === 0 ? 0 : 1))).toBe(true)
  })
})
