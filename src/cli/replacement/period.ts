import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { type FilterValues, filterQuery } from '../usage/filter-flags.ts'

type PeriodValues = Pick<FilterValues, 'since' | 'until' | 'utc' | 'time-zone'>

/** What of the ledger is meant, and in which zone times are shown. */
export interface Period {
  /** For the API; without a date a zone is of no use to it. */
  query: URLSearchParams
  /** `since 2026-11-01 (Europe/Berlin)`: what was asked, as it was asked. */
  text: string
  timeZone: string
}

/** Throws a Failure for a zone that there is not; dates are judged by who answers. */
export function periodOf(flags: PeriodValues): Period {
  const query = filterQuery(flags)
  const timeZone = query.get('time_zone') ?? 'UTC'
  if (!isZone(timeZone)) {
    const message = `--time-zone is ${JSON.stringify(timeZone)}, which is none; write Europe/Berlin or UTC`
    throw new Failure(message, exitCodes.usage)
  }
  const { since, until } = flags
  if (since === undefined && until === undefined) {
    return { query: new URLSearchParams(), text: 'all that is in the ledger', timeZone }
  }
  const bounds = [since && `since ${agoText(since)}`, until && `until ${agoText(until)}`]
  return { query, text: `${bounds.filter(Boolean).join(' ')} (${timeZone})`, timeZone }
}

function agoText(date: string): string {
  return /^\d+[mhdw]$/.test(date) ? `${date} ago` : date
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== null
  } catch {
    return false
  }
}
