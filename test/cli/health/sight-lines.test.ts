import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { ProxyAway } from '../../../src/cli/api-client.ts'
import { readReport } from '../../../src/cli/health/report.ts'
import { appendedLines, pictureLines } from '../../../src/cli/health/sight-lines.ts'
import { aBadDay, anAnswer, answeredAt } from './health-answers.ts'

const atMs = Date.parse(answeredAt)
const settings = { url: 'http://127.0.0.1:8000', width: 80, chalk: new Chalk({ level: 0 }) }
const seen = (answer: unknown = anAnswer()) => ({ answer, report: readReport(answer)! })
const there = { atMs, seen: seen(), away: null, backAfterMs: null }
const failure = new ProxyAway('http://127.0.0.1:8000', new Error('refused'))
const away = (isNew: boolean) => ({ ...there, away: { sinceMs: atMs - 36_000, failure, isNew } })

describe('on a terminal', () => {
  it('a picture has its time, the report, and what had no room', () => {
    const lines = pictureLines({ ...there, seen: seen(aBadDay()) }, 2_000, settings)
    expect(lines.slice(0, 3)).toEqual([
      '13:04:05, every 2 s; Ctrl-C ends it',
      '',
      '◐ degraded: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 3 of 4 endpoints',
    ])
    expect(lines.at(-1)).toBe('hidden: PING, USED BY (widen the terminal, or use --json)')
  })

  it('an outage stands above the last report, with its beginning', () => {
    const lines = pictureLines(away(false), 2_000, settings)
    expect(lines[1]).toBe('✖ no proxy answers at http://127.0.0.1:8000 since 13:03:29 (36 s); last it said:')
    expect(lines[3]).toContain('● ok: llmproxy')
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80)
  })
})

describe('in a pipe', () => {
  it('each report begins with its time and ends with an empty line', () => {
    const lines = appendedLines(there, settings)
    expect(lines[0]).toMatch(/^13:04:05 {2}● ok: llmproxy 0\.1\.0 at /)
    expect(lines.at(-1)).toBe('')
  })

  it('an outage is said when it begins, and when it has ended', () => {
    expect(appendedLines(away(true), settings)).toEqual([
      '13:04:05  ✖ no proxy answers at http://127.0.0.1:8000; asking on',
      '',
    ])
    expect(appendedLines(away(false), settings)).toEqual([])
    const back = appendedLines({ ...there, backAfterMs: 41_000 }, settings)
    expect(back[0]).toBe('13:04:05  it answers again, after 41 s')
    expect(back[1]).toMatch(/^13:04:05 {2}● ok/)
  })
})
