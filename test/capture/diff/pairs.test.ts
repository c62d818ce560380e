import { describe, expect, it } from 'vitest'
import { type ExchangeDigest, pairUp } from '../../../src/capture/diff/pairs.ts'

const digest = (id: string, parts: Partial<ExchangeDigest> = {}): ExchangeDigest => ({
  ...{ id, session: null, turn: null, key: null },
  ...parts,
})

describe('exchanges of two captures', () => {
  it('are paired by their ids before anything else', () => {
    const before = [digest('a', { key: 'k' }), digest('b', { key: 'k' })]
    expect(pairUp(before, [before[1]!, before[0]!])).toEqual([
      { at: 1, by: 'id' },
      { at: 0, by: 'id' },
    ])
  })

  it('of which one repeats the other are a pair before those that only ask the same', () => {
    const before = [digest('a', { key: 'k' }), digest('b', { key: 'k' })]
    const after = [digest('c', { key: 'k', replayOf: 'b' }), digest('d', { key: 'k', replayOf: 'a' })]
    const pairs = [
      { at: 1, by: 'replay' },
      { at: 0, by: 'replay' },
    ]
    expect(pairUp(before, after)).toEqual(pairs)
    expect(pairUp(after, before)).toEqual(pairs)
    expect(pairUp(after, [digest('e', { replayOf: 'a' }), digest('f', { replayOf: 'b' })])).toEqual(pairs)
  })

  it('are paired by session, turn and request, then by request alone', () => {
    const before = [digest('a', { session: 's', turn: 1, key: 'k' }), digest('b', { key: 'k' })]
    const after = [
      digest('c', { session: 'other', turn: 7, key: 'k' }),
      digest('d', { session: 's', turn: 1, key: 'k' }),
    ]
    expect(pairUp(before, after)).toEqual([
      { at: 1, by: 'turn_and_request' },
      { at: 0, by: 'request' },
    ])
  })

  it('that ask something else in the same turn are still a pair', () => {
    const before = [digest('a', { session: 's', turn: 2, key: 'k' })]
    expect(pairUp(before, [digest('c', { session: 's', turn: 2, key: 'l' })])).toEqual([
      { at: 0, by: 'turn' },
    ])
  })

  it('of equals are paired first with first, and what is left has none', () => {
    const same = ['a', 'b', 'c'].map((id) => digest(id, { key: 'k' }))
    const after = ['d', 'e'].map((id) => digest(id, { key: 'k' }))
    expect(pairUp(same, after)).toEqual([{ at: 0, by: 'request' }, { at: 1, by: 'request' }, null])
  })

  it('without anything in common are no pair', () => {
    expect(pairUp([digest('a')], [digest('b')])).toEqual([null])
  })
})
