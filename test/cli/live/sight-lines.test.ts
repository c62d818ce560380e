import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { ProxyAway } from '../../../src/cli/api-client.ts'
import { Failure } from '../../../src/cli/failure.ts'
import { appendedLines, pictureLines, type SightSettings } from '../../../src/cli/live/sight-lines.ts'

const atMs = new Date(2026, 10, 23, 13, 4, 5).getTime()
const settings: SightSettings<string> = {
  width: 80,
  chalk: new Chalk({ level: 0 }),
  print: (seen, { width }) => ({ answer: [`● ${seen}`, 'more of it'], talk: [`in ${width} columns`] }),
}
const there = { atMs, seen: 'all is well', away: null, backAfterMs: null }
const failure = new ProxyAway('http://127.0.0.1:8000', new Error('refused'))
const away = (isNew: boolean) => ({ ...there, away: { sinceMs: atMs - 36_000, failure, isNew } })

describe('on a terminal', () => {
  it('a picture has its time, the report, and what is said beside it', () => {
    expect(pictureLines(there, 2_000, settings)).toEqual([
      '13:04:05, every 2 s; Ctrl-C ends it',
      '',
      '● all is well',
      'more of it',
      '',
      'in 80 columns',
    ])
    const quiet = { ...settings, print: () => ({ answer: ['●'], talk: [] }) }
    expect(pictureLines(there, 500, quiet)).toEqual(['13:04:05, every 0.5 s; Ctrl-C ends it', '', '●'])
  })

  it('an outage stands above the last report, with its beginning', () => {
    const lines = pictureLines(away(false), 2_000, settings)
    expect(lines.slice(1, 4)).toEqual([
      '✖ no proxy answers at http://127.0.0.1:8000 since 13:03:29 (36 s); last it said:',
      '',
      '● all is well',
    ])
    const narrow = pictureLines(away(false), 2_000, { ...settings, width: 40 })
    expect(narrow.slice(1, 3)).toEqual(['✖ no proxy answers at', '  http://127.0.0.1:8000 since 13:03:29'])
  })
})

describe('in a pipe', () => {
  it('each report begins with its time and ends with an empty line', () => {
    expect(appendedLines(there, settings)).toEqual(['13:04:05  ● all is well', 'more of it', ''])
  })

  it('an outage is said when it begins, and when it has ended', () => {
    expect(appendedLines(away(true), settings)).toEqual([
      '13:04:05  ✖ no proxy answers at http://127.0.0.1:8000; asking on',
      '',
    ])
    expect(appendedLines(away(false), settings)).toEqual([])
    expect(appendedLines({ ...there, backAfterMs: 41_000 }, settings).slice(0, 2)).toEqual([
      '13:04:05  it answers again, after 41 s',
      '13:04:05  ● all is well',
    ])
  })
})

it('what a proxy says of its refusal cannot move the cursor', () => {
  const hostile = { sinceMs: atMs, failure: new Failure('no\u001b[2J\nway', 1), isNew: true }
  const sight = { ...there, away: hostile }
  const lines = [...pictureLines(sight, 2_000, settings), ...appendedLines(sight, settings)]
  expect(lines.filter((line) => line.includes('no␛[2J␊way'))).toHaveLength(2)
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/)
})
