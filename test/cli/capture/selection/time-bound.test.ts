import { describe, expect, it } from 'vitest'
import { timeBound } from '../../../../src/cli/capture/selection/time-bound.ts'
import { parseBound } from '../../../../src/usage/query/dates.ts'

// Clocks here may be anywhere: what is local is built from local parts.
const now = new Date(2026, 0, 5, 13, 30, 20).getTime()
const local = (...parts: [number, number, number, number?]) => new Date(2026, 0, ...parts).getTime()
const start = (text: string) => timeBound(text, 'start', '--since', parseBound, now)
const end = (text: string) => timeBound(text, 'end', '--until', parseBound, now)

describe('a time on the command line', () => {
  it.each([
    ['seconds since 1970', '1767614400', 1767614400000],
    ['with a fraction', '1767614400.25', 1767614400250],
    ['milliseconds since 1970', '1767614400250', 1767614400250],
    ['ISO with a zone', '2026-01-05T12:00:00Z', Date.UTC(2026, 0, 5, 12)],
    ['ISO here, with a blank', '2026-01-05 12:00:05', local(5, 12, 0, 5)],
    ['a date', '2026-01-05', local(5, 0, 0)],
    ['a time of today', '12:00', local(5, 12, 0)],
    ['to the millisecond', '9:05:07.250', local(5, 9, 5, 7) + 250],
    ['minutes ago', '10m', now - 600_000],
    ['seconds ago', '30s', now - 30_000],
    ['today', 'today', local(5, 0, 0)],
  ])('may be %s', (_, text, ms) => {
    expect(start(text)).toBe(ms)
  })

  it.each([
    ['12:00', local(5, 12, 1)],
    ['12:00:05', local(5, 12, 0, 6)],
    ['12:00:05.250', local(5, 12, 0, 5) + 251],
    ['2026-01-05', local(6, 0, 0)],
    ['2026-01-05T12:00:05', local(5, 12, 0, 6)],
  ])('is inclusive as an end, at the precision of %s', (text, beyond) => {
    expect(end(text)).toBe(beyond)
  })

  it('includes the very moment that seconds since 1970 name', () => {
    expect(end('1767614400.25')).toBeGreaterThan(1767614400250)
    expect(end('1767614400.25')).toBeLessThan(1767614400251)
  })

  it.each(['', 'soon', '25:00', '12:60', '2026-13-01', '12', '-5m'])('is refused as %j', (text) => {
    expect(() => start(text)).toThrow(/^--since: .* is no time/)
  })
})
