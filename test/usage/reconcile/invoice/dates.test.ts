import { describe, expect, it } from 'vitest'
import { DateColumn } from '../../../../src/usage/reconcile/invoice/dates.ts'

function daysOf(texts: readonly string[], timeZone = 'UTC', timesAreUtc = false) {
  const column = new DateColumn('date', { timeZone, timesAreUtc })
  const keys = texts.map((text, index) => column.read(text, index + 2))
  const { dayOf, note } = column.decided()
  return { days: keys.map(dayOf), note, areMoments: column.areMoments }
}

describe('a date on an invoice', () => {
  it.each([
    ['2026-11-03', '2026-11-03'],
    ['2026-11-03 23:59:59.713', '2026-11-03'],
    ['2026-11-03T23:59:59', '2026-11-03'],
    ['2026/11/3', '2026-11-03'],
    ['20261103', '2026-11-03'],
    ['03.11.2026', '2026-11-03'],
    ['3.11.26', '2026-11-03'],
    ['03.11.2026 23:59', '2026-11-03'],
  ])('without a zone, %s, stands as it is written wherever the ledger is', (text, day) => {
    for (const zone of ['UTC', 'Asia/Tokyo', 'America/Los_Angeles']) {
      expect(daysOf([text], zone)).toMatchObject({ days: [day], areMoments: false })
    }
  })

  it.each([
    ['2026-11-03T23:30:00Z', '2026-11-03', '2026-11-04'],
    ['2026-11-03 23:30:00 UTC', '2026-11-03', '2026-11-04'],
    ['2026-11-03T23:30:00+00', '2026-11-03', '2026-11-04'],
    ['2026-11-03T15:30:00-08:00', '2026-11-03', '2026-11-04'],
    ['2026-11-04T01:30:00+0200', '2026-11-03', '2026-11-04'],
    [String(Date.parse('2026-11-03T23:30:00Z') / 1000), '2026-11-03', '2026-11-04'],
    [String(Date.parse('2026-11-03T23:30:00Z')), '2026-11-03', '2026-11-04'],
  ])('that is a moment, %s, is a day of the zone asked for', (text, utc, tokyo) => {
    expect(daysOf([text])).toMatchObject({ days: [utc], areMoments: true })
    expect(daysOf([text], 'Asia/Tokyo').days).toEqual([tokyo])
  })

  it('whose times are known to be UTC is a moment too', () => {
    expect(daysOf(['2026-11-03 23:30:00.713'], 'Asia/Tokyo', true).days).toEqual(['2026-11-04'])
  })

  it('whose times are known to be UTC is a moment too, and no day of a zone nobody knows', () => {
    expect(daysOf(['2026-11-03 23:30:00.713'], 'UTC', true).areMoments).toBe(true)
    expect(daysOf(['2026-11-03'], 'UTC', true).areMoments).toBe(false)
  })

  it.each([
    ['2026-11-03T00:00:00+02:00', '2026-11-04T00:00:00+02:00'],
    ['2026-11-03T00:00:00.000-08:00', '2026-11-04T00:00:00.000-08:00'],
    ['2026-11-03T00:00:00Z', '2026-11-04T00:00:00Z'],
    ['2026-11-03 UTC', '2026-11-04 UTC'],
    [String(Date.parse('2026-11-03T00:00:00Z') / 1000), String(Date.parse('2026-11-04T00:00:00Z') / 1000)],
  ])('that is a midnight as all others, %s, is a day, wherever the ledger is', (...texts) => {
    for (const zone of ['UTC', 'Asia/Tokyo', 'America/Los_Angeles']) {
      expect(daysOf(texts, zone)).toMatchObject({ days: ['2026-11-03', '2026-11-04'], areMoments: false })
    }
  })

  it('that is a midnight among other moments is one too', () => {
    expect(daysOf(['2026-11-03T00:00:00Z', '2026-11-03T20:30:00Z'], 'America/Los_Angeles')).toMatchObject({
      ...{ days: ['2026-11-02', '2026-11-03'], areMoments: true },
    })
  })

  it('with the month first is read so where another line proves it, and that is said', () => {
    expect(daysOf(['11/03/2026', '11/23/2026'])).toMatchObject({
      days: ['2026-11-03', '2026-11-23'],
      note: 'dates are read as month/day/year: line 3 has 11/23/2026',
    })
    expect(daysOf(['03/11/2026 14:00', '23/11/2026 1:00'])).toMatchObject({
      days: ['2026-11-03', '2026-11-23'],
      note: 'dates are read as day/month/year: line 3 has 23/11/2026 1:00',
    })
  })

  it('that may have either first is refused where nothing proves it', () => {
    expect(() => daysOf(['11/03/2026', '11/04/2026'])).toThrow(
      'line 2: 11/03/2026 may have the month first or the day first, and no date in the file tells which',
    )
    expect(daysOf(['11/11/2026']).days).toEqual(['2026-11-11'])
  })

  it('cannot have both ways in one file', () => {
    expect(() => daysOf(['11/23/2026', '24/11/2026'])).toThrow(
      'dates are written in two ways: 11/23/2026 in line 2, 24/11/2026 in line 3',
    )
  })

  it.each(['Total', '', '2026-02-30', '2026-11', '31/31/2026', '2026-11-03 25:00', '12'])(
    '%j is none, which is told with its line',
    (text) => {
      expect(() => daysOf(['2026-11-03', text])).toThrow(`line 3: date is ${JSON.stringify(text)}, no date`)
    },
  )
})
