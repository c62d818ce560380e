import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everything, type UsageFilter } from '../../../src/usage/query/filter.ts'
import { cover, type Piece } from '../../../src/usage/rollups/cover.ts'

const hour = 3_600_000
const day = 24 * hour
const at = (text: string) => Date.parse(text)
const shown = (pieces: readonly Piece[]) =>
  pieces.map(
    ({ of, fromMs, untilMs }) =>
      `${of} ${new Date(fromMs).toISOString().slice(0, 16)} ${new Date(untilMs).toISOString().slice(0, 16)}`,
  )

describe('a stretch of time is covered', () => {
  it('with whole days inside, whole hours around them, and single records at the edges', () => {
    const pieces = cover({
      fromMs: at('2026-11-01T21:30:00Z'),
      untilMs: at('2026-11-04T02:15:00Z'),
      filter: everything,
      grain: 'any',
    })
    expect(shown(pieces)).toEqual([
      'record 2026-11-01T21:30 2026-11-01T22:00',
      'hour 2026-11-01T22:00 2026-11-02T00:00',
      'day 2026-11-02T00:00 2026-11-04T00:00',
      'hour 2026-11-04T00:00 2026-11-04T02:00',
      'record 2026-11-04T02:00 2026-11-04T02:15',
    ])
  })

  it('with whole weeks, as far as they are stored, where the question does not ask for days', () => {
    const question = {
      ...{ fromMs: at('2026-10-07T00:00:00Z'), untilMs: at('2026-10-30T00:00:00Z'), filter: everything },
      weeksUntilMs: at('2026-10-22T00:00:00Z'),
    }
    expect(shown(cover({ ...question, grain: 'any' }))).toEqual([
      'day 2026-10-07T00:00 2026-10-08T00:00',
      'week 2026-10-08T00:00 2026-10-22T00:00',
      'day 2026-10-22T00:00 2026-10-30T00:00',
    ])
    expect(shown(cover({ ...question, grain: 'day' }))).toEqual(['day 2026-10-07T00:00 2026-10-30T00:00'])
  })

  it('with hours where the days of the zone are others, and with records where its hours are', () => {
    const question = { fromMs: at('2026-11-02T00:00:00Z'), untilMs: at('2026-11-03T00:00:00Z') }
    const inZone = (timeZone: string) =>
      shown(cover({ ...question, grain: 'day', filter: { ...everything, timeZone } }))
    expect(inZone('UTC')).toEqual(['day 2026-11-02T00:00 2026-11-03T00:00'])
    expect(inZone('Europe/Berlin')).toEqual(['hour 2026-11-02T00:00 2026-11-03T00:00'])
    // 5:30 before UTC: every hour of UTC is half in the one and half in the other.
    expect(inZone('Asia/Kolkata')).toEqual(['record 2026-11-02T00:00 2026-11-03T00:00'])
  })

  it('without what hours of the day and weekdays leave out', () => {
    const filter: UsageFilter = { ...everything, hours: [3, 4], weekdays: [0] }
    const question = { fromMs: at('2026-11-01T00:00:00Z'), untilMs: at('2026-11-10T00:00:00Z') }
    expect(shown(cover({ ...question, filter, grain: 'hour' }))).toEqual([
      'hour 2026-11-02T03:00 2026-11-02T05:00',
      'hour 2026-11-09T03:00 2026-11-09T05:00',
    ])
  })

  it('without a gap or an overlap, and with whole units only, for any stretch and zone', () => {
    const begin = at('2026-10-20T00:00:00Z')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 * day }),
        fc.integer({ min: 1, max: 20 * day }),
        fc.constantFrom('UTC', 'Europe/London', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Chatham'),
        fc.constantFrom('any' as const, 'day' as const, 'hour' as const),
        fc.integer({ min: -1, max: 6 }),
        (after, length, timeZone, grain, weeks) => {
          const [fromMs, untilMs] = [begin + after, begin + after + length]
          const pieces = cover({
            ...{ fromMs, untilMs, filter: { ...everything, timeZone }, grain },
            weeksUntilMs: at('2026-10-22T00:00:00Z') + weeks * 7 * day,
          })
          expect(pieces[0]?.fromMs).toBe(fromMs)
          expect(pieces.at(-1)?.untilMs).toBe(untilMs)
          for (const [index, piece] of pieces.entries()) {
            if (index > 0) expect(piece.fromMs).toBe(pieces[index - 1]?.untilMs)
            const unit = { week: 7 * day, day, hour, record: 1 }[piece.of]
            expect([piece.fromMs % unit, piece.untilMs % unit]).toEqual([0, 0])
          }
        },
      ),
    )
  })
})
