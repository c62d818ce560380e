import { expect, it } from 'vitest'
import { statsQuery } from '../../../src/cli/usage/stats-query.ts'

const asked = (flags: Parameters<typeof statsQuery>[0]) => {
  const { query, groupBy } = statsQuery({ utc: true, ...flags })
  return { groupBy, query: Object.fromEntries(query) }
}

it('without flags asks for the last seven days by day, today first', () => {
  expect(asked({})).toEqual({
    groupBy: ['day'],
    query: { time_zone: 'UTC', start_date: '7d', group_by: 'day', order_by: '-day' },
  })
})

it('of a named ledger asks for all there is', () => {
  expect(asked({ file: 'usage.db' }).query).not.toHaveProperty('start_date')
})

it('says filters and groups in the words of the API', () => {
  expect(
    asked({ since: '24h', 'group-by': ['app'], weekday: ['sun'], status: ['200'], user: ['ann'] }),
  ).toEqual({
    groupBy: ['client_app'],
    query: {
      ...{ time_zone: 'UTC', start_date: '24h', group_by: 'client_app' },
      ...{ day_of_week: '6', http_status_code: '200', proxy_user: 'ann' },
    },
  })
})
