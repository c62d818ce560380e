import { describe, expect, it } from 'vitest'
import { periodOf } from '../../../src/cli/replacement/period.ts'

describe('a period', () => {
  it.each([
    [{}, 'all that is in the ledger'],
    [{ since: '2026-11-01' }, 'since 2026-11-01 (Europe/Berlin)'],
    [{ since: '7d' }, 'since 7d ago (Europe/Berlin)'],
    [{ until: 'today' }, 'until today (Europe/Berlin)'],
    [{ since: '24h', until: '2026-11-27T12:00' }, 'since 24h ago until 2026-11-27T12:00 (Europe/Berlin)'],
  ])('of %j is said in words', (flags, text) => {
    expect(periodOf({ ...flags, 'time-zone': 'Europe/Berlin' }).text).toBe(text)
  })

  it('is asked for by the words of the API, and a zone only beside a date', () => {
    const query = periodOf({ since: '2026-11-01', until: '2d', 'time-zone': 'Europe/Berlin' }).query
    expect(Object.fromEntries(query)).toEqual({
      ...{ start_date: '2026-11-01', end_date: '2d', time_zone: 'Europe/Berlin' },
    })
    expect(periodOf({ utc: true })).toMatchObject({ timeZone: 'UTC', query: new URLSearchParams() })
    expect(periodOf({}).timeZone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone)
  })

  it('of a zone that there is not is wrong usage', () => {
    expect(() => periodOf({ 'time-zone': 'Mars/Base' })).toThrow(
      expect.objectContaining({
        name: 'Failure',
        exitCode: 2,
        message: expect.stringContaining('"Mars/Base"'),
      }),
    )
  })
})
