import { describe, expect, it } from 'vitest'
import {
  parseComparedQuery,
  parseExportQuery,
  parseRecentQuery,
  parseStatsQuery,
} from '../../../src/usage/query/parse-query.ts'
import { shownFilter } from '../../../src/usage/query/shown-filter.ts'

const source = (text: string) => ({ query: new URLSearchParams(text), nowMs: 0 })

describe('a query for statistics', () => {
  it('takes repeated values as any of them, and the words of the command line', () => {
    const { filter } = parseStatsQuery(
      source('model=a&model=b&app=codex&user=ann&status=200,500&hour=0&weekday=6'),
    )
    expect(filter).toMatchObject({
      models: ['a', 'b'],
      clientApps: ['codex'],
      proxyUsers: ['ann'],
      statuses: [200, 500],
      hours: [0],
      weekdays: [6],
    })
  })

  it('takes what replacement decided, repeated or with commas, and shows it as it was asked', () => {
    const { filter } = parseStatsQuery(source('replacement=replaced,lost_roll&replacement=target_unusable'))
    expect(filter.replacementDecisions).toEqual(['replaced', 'lost_roll', 'target_unusable'])
    expect(shownFilter(filter)).toEqual({
      time_zone: 'UTC',
      replacement: ['replaced', 'lost_roll', 'target_unusable'],
    })
    expect(parseStatsQuery(source('')).filter.replacementDecisions).toEqual([])
  })

  it('knows every grouping, one or several', () => {
    expect(parseStatsQuery(source('group_by=day,model&group_by=tag:project')).groupBy).toEqual([
      'day',
      'model',
      'tag:project',
    ])
  })

  it.each([
    ['modle=x', /no parameter is called "modle"; did you mean model\?/],
    ['group_by=modell', /"group_by" cannot be "modell"/],
    ['hour_of_day=24', /"hour_of_day" is a whole number from 0 to 23/],
    ['http_status_code=abc', /"http_status_code" is a whole number/],
    ['outcome=failed', /"outcome" cannot be "failed"/],
    ['time_zone=Mars/Base', /"time_zone" is no time zone/],
    ['start_date=2025-12-02&end_date=2025-12-01', /"end_date" is before "start_date"/],
    ['leg=CTPP', /did you mean CTP\?/],
    ['model=', /"model" is empty/],
    ['replaced=maybe', /"replaced" cannot be/],
    ['replacement=lost_rol', /"replacement" cannot be "lost_rol"; did you mean lost_roll\?/],
    ['replacement=won', /"replacement" cannot be "won"; is one of replaced, lost_roll, .*target_unusable/],
    ['replacement=', /"replacement" is empty/],
    ['leg=CTP&leg=PTB', /"leg" is there more than once/],
  ])('%s is refused in words', (text, message) => {
    expect(() => parseStatsQuery(source(text))).toThrow(message)
  })
})

it('a query for recent records has a limit of 100, at most 1000, and its own cursors only', () => {
  expect(parseRecentQuery(source('')).limit).toBe(100)
  expect(() => parseRecentQuery(source('limit=1001'))).toThrow(/from 1 to 1000/)
  expect(parseRecentQuery(source('cursor=17.x_a')).after).toEqual({ atMs: 17, id: 'x_a' })
  expect(() => parseRecentQuery(source('cursor=abc'))).toThrow(/"cursor" is none that this proxy gave/)
})

it('a query for an export must name both ends of its window', () => {
  expect(() => parseExportQuery(source('start_date=2025-12-01'))).toThrow(/"end_date" is missing/)
  expect(parseExportQuery(source('start_date=2025-12-01&end_date=2025-12-31T23:59:59Z')).format).toBe('json')
})

describe('a query for a comparison', () => {
  it.each([
    'start_date=2025-12-01&end_date=2025-12-31&time_zone=Europe/Berlin',
    'since=7d&until=now',
    'start_date=2025-12-01T10:00:00Z',
    '',
  ])('means by %j the window that statistics mean', (text) => {
    const { fromMs, untilMs } = parseStatsQuery(source(text)).filter
    expect(parseComparedQuery(source(text))).toEqual({ fromMs, untilMs })
  })

  it.each([
    ['start_date=2025-12-02&end_date=2025-12-01', /"end_date" is before "start_date"/],
    ['end_date=soon', /"end_date" is no date/],
    ['time_zone=Mars/Base', /"time_zone" is no time zone/],
    ['model=gpt-4o', /no parameter is called "model"/],
  ])('%s is refused in words', (text, message) => {
    expect(() => parseComparedQuery(source(text))).toThrow(message)
  })
})
