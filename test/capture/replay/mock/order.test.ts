import { describe, expect, it } from 'vitest'
import { aCapture, edited, lastOf } from '../../../support/a-capture.ts'
import { aMock, askedAs } from './a-mock.ts'

describe('several recordings of one request', () => {
  const capture = aCapture([{}, {}, {}])
  const x = lastOf(capture)

  it.each([
    ['last', ['x_1', 'x_2', 'x_3', 'x_3', 'x_3']],
    ['cycle', ['x_1', 'x_2', 'x_3', 'x_1', 'x_2']],
    ['none', ['x_1', 'x_2', 'x_3', 'miss', 'miss']],
  ] as const)('are given in their order, and then with --reuse %s', async (reuse, expected) => {
    const mock = await aMock(capture, { reuse })
    for (const id of expected) expect(await askedAs(mock, x)).toContain(id)
  })

  it('are given by their order of asking, whatever ended first', async () => {
    const overlapping = edited(aCapture([{}, {}]), (last, { exchanges: [first] }) => {
      first?.answer.delay(0, 600_000)
      last.openedMs = (first?.openedMs ?? 0) + 1
    })
    const mock = await aMock(overlapping)
    expect([await askedAs(mock, x), await askedAs(mock, x)]).toEqual(['exact x_1/1', 'exact x_2/1'])
  })
})

describe('two recorded sessions that begin with the same words', () => {
  const capture = aCapture([{ session: 's_a' }, { session: 's_b' }, { session: 's_a' }, { session: 's_b' }])
  const x = lastOf(capture)

  it('are each given to one asking session, however these take turns', async () => {
    const mock = await aMock(capture)
    const ask = (session: string) => askedAs(mock, x, () => {}, { 'x-session-id': session })
    expect([await ask('one'), await ask('one'), await ask('two'), await ask('two')]).toEqual(
      ['x_1', 'x_3', 'x_2', 'x_4'].map((id) => `exact ${id}/1`),
    )
  })

  it('are given one after the other where nobody says which session asks', async () => {
    const mock = await aMock(capture)
    const lines = [await askedAs(mock, x), await askedAs(mock, x), await askedAs(mock, x)]
    expect(lines).toEqual(['x_1', 'x_2', 'x_3'].map((id) => `exact ${id}/1`))
  })
})
