import { Flags } from '@oclif/core'

const many = { multiple: true, multipleNonGreedy: true } as const

/** Where a usage command has its answers from. */
export const sourceFlags = {
  url: Flags.string({ summary: 'where the proxy is', helpValue: 'URL' }),
  'api-key': Flags.string({ summary: "the proxy's access key", helpValue: 'KEY' }),
  config: Flags.string({ char: 'c', summary: 'the configuration file', helpValue: 'PATH' }),
  file: Flags.string({
    summary: 'read this ledger, or an export, without a proxy',
    helpValue: 'PATH',
    exclusive: ['url'],
  }),
}

/** Which exchanges are meant. */
export const filterFlags = {
  since: Flags.string({ summary: '2026-11-01, 24h, 7d, today', helpValue: 'DATE' }),
  until: Flags.string({ summary: 'the end, inclusive at the precision written', helpValue: 'DATE' }),
  backend: Flags.string({ ...many, summary: "a backend's name or type; counts attempts", helpValue: 'NAME' }),
  model: Flags.string({ ...many, summary: 'with or without its date, * as wildcard', helpValue: 'NAME' }),
  frontend: Flags.string({ ...many, summary: "the client's protocol", helpValue: 'PROTOCOL' }),
  session: Flags.string({ ...many, summary: 'the session', helpValue: 'ID' }),
  user: Flags.string({ ...many, summary: "the access key's name", helpValue: 'NAME' }),
  app: Flags.string({ ...many, summary: 'the client program', helpValue: 'NAME' }),
  tag: Flags.string({ ...many, summary: 'a tag, with or without its value', helpValue: 'NAME=VALUE' }),
  status: Flags.string({ ...many, summary: 'the HTTP status', helpValue: 'CODE' }),
  hour: Flags.string({ ...many, summary: 'the hour of the day, 0–23', helpValue: 'HOUR' }),
  weekday: Flags.string({
    ...many,
    summary: 'the day of the week',
    options: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  }),
  utc: Flags.boolean({ summary: 'days and hours in UTC', exclusive: ['time-zone'] }),
  'time-zone': Flags.string({
    summary: 'days and hours of this zone; default: the one here',
    helpValue: 'ZONE',
  }),
}

export interface FilterValues {
  since?: string | undefined
  until?: string | undefined
  backend?: string[] | undefined
  model?: string[] | undefined
  frontend?: string[] | undefined
  session?: string[] | undefined
  user?: string[] | undefined
  app?: string[] | undefined
  tag?: string[] | undefined
  status?: string[] | undefined
  hour?: string[] | undefined
  weekday?: string[] | undefined
  utc?: boolean | undefined
  'time-zone'?: string | undefined
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function timeZoneOf(flags: Pick<FilterValues, 'utc' | 'time-zone'>): string {
  return flags.utc ? 'UTC' : (flags['time-zone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
}

/** The flags as the API's query. */
export function filterQuery(flags: FilterValues): URLSearchParams {
  const query = new URLSearchParams({ time_zone: timeZoneOf(flags) })
  if (flags.since !== undefined) query.set('start_date', flags.since)
  if (flags.until !== undefined) query.set('end_date', flags.until)
  const add = (name: string, values: readonly string[] | undefined) => {
    for (const value of values ?? []) query.append(name, value)
  }
  add('backend', flags.backend)
  add('model', flags.model)
  add('frontend_type', flags.frontend)
  add('session_id', flags.session)
  add('proxy_user', flags.user)
  add('client_app', flags.app)
  add('tag', flags.tag)
  add('http_status_code', flags.status)
  add('hour_of_day', flags.hour)
  add(
    'day_of_week',
    flags.weekday?.map((day) => String(weekdays.indexOf(day))),
  )
  return query
}
