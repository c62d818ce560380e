import { describe, expect, it } from 'vitest'
import { parseBound } from '../../../src/usage/query/dates.ts'

const nowMs = Date.parse('2026-11-26T12:34:56.789Z')
const at = (text: string, bound: 'start' | 'end', timeZone = 'UTC') =>
  new Date(parseBound(text, bound, { timeZone, nowMs, param: 'start_date' })).toISOString()

describe('a date as a bound', () => {
  it.each([
    ['2025-12-01', '2025-12-01T00:00:00.000Z'],
    ['2025-12-01T00:00:00', '2025-12-01T00:00:00.000Z'],
    ['2025-12-01T10:20:30Z', '2025-12-01T10:20:30.000Z'],
    ['2025-12-01T10:20:30+02:00', '2025-12-01T08:20:30.000Z'],
    ['2025-12-01T10:20:30 02:00', '2025-12-01T08:20:30.000Z'],
    ['2025-12-01T10:20:30-0530', '2025-12-01T15:50:30.000Z'],
    ['2025-12', '2025-12-01T00:00:00.000Z'],
    ['24h', '2026-11-25T12:34:56.789Z'],
    ['7d', '2026-11-19T12:34:56.789Z'],
    ['today', '2026-11-26T00:00:00.000Z'],
    ['yesterday', '2026-11-25T00:00:00.000Z'],
  ])('%s begins at %s', (text, expected) => expect(at(text, 'start')).toBe(expected))

  it.each([
    ['2025-12-31', '2026-01-01T00:00:00.000Z'],
    ['2025-12-31T23:59', '2026-01-01T00:00:00.000Z'],
    ['2025-12-31T23:59:59Z', '2026-01-01T00:00:00.000Z'],
    ['2025-12-31T23:59:59.123Z', '2025-12-31T23:59:59.124Z'],
    ['2025-12', '2026-01-01T00:00:00.000Z'],
    ['today', '2026-11-27T00:00:00.000Z'],
  ])('%s as an end is inclusive: before %s', (text, expected) => expect(at(text, 'end')).toBe(expected))

  it('without a zone of its own is in the one given, also where that changes its clocks', () => {
    expect(at('2026-10-25', 'start', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z')
    expect(at('2026-10-25', 'end', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
    expect(at('2026-03-29T02:30', 'start', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(at('today', 'start', 'Asia/Kolkata')).toBe('2026-11-25T18:30:00.000Z')
  })

  it.each([
    '',
    'soon',
    '2025-13-01',
    '2025-02-30',
    '2025-12-01T25:00',
    '20251201',
    '7 d',
    '2025-12-01T10:20:30+2',
  ])('%j is none, and the error says how one is written', (text) =>
    expect(() => at(text, 'start')).toThrow(/"start_date" is no date.*2025-12-31/),
  )
})
