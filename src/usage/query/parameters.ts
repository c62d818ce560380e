import { ProxyError } from '../../core/errors.ts'
import { nearest } from '../../core/nearest.ts'

/** Words of the command line that mean the same here. */
export const aliases: Readonly<Record<string, string>> = {
  app: 'client_app',
  user: 'proxy_user',
  status: 'http_status_code',
  since: 'start_date',
  until: 'end_date',
  frontend: 'frontend_type',
  session: 'session_id',
  hour: 'hour_of_day',
  weekday: 'day_of_week',
  purpose: 'call_purpose',
}

/** A request's query, each name in the API's own word with all its values. */
export class Parameters {
  readonly #values = new Map<string, string[]>()

  /** Throws `bad_request` for a name that is not among `known`: an ignored filter would give wrong data. */
  constructor(query: URLSearchParams, known: readonly string[]) {
    for (const [written, value] of query) {
      const name = known.includes(written) ? written : (aliases[written] ?? written)
      if (!known.includes(name)) throw unknownName(written, known)
      const values = this.#values.get(name)
      if (values) values.push(value)
      else this.#values.set(name, [value])
    }
  }

  /** All values: repeated, or parted by commas where `commas`. */
  all(name: string, commas = false): string[] {
    const values = this.#values.get(name) ?? []
    const parted = commas ? values.flatMap((value) => value.split(',')) : values
    for (const value of parted) if (value === '') throw bad(name, 'is empty')
    return parted
  }

  one(name: string): string | null {
    const values = this.all(name)
    if (values.length > 1) throw bad(name, 'is there more than once')
    return values[0] ?? null
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T | null {
    const value = this.one(name)
    return value === null ? null : checked(name, value, known)
  }

  allOf<T extends string>(name: string, known: readonly T[]): T[] {
    return this.all(name, true).map((value) => checked(name, value, known))
  }

  integers(name: string, least: number, most: number): number[] {
    return this.all(name, true).map((value) => integer(name, value, least, most))
  }

  integer(name: string, least: number, most: number): number | null {
    const value = this.one(name)
    return value === null ? null : integer(name, value, least, most)
  }

  boolean(name: string): boolean | null {
    const value = this.oneOf(name, ['true', 'false', '1', '0'])
    return value === null ? null : value === 'true' || value === '1'
  }
}

export function bad(name: string, what: string): ProxyError {
  return new ProxyError('bad_request', `"${name}" ${what}`, { param: name })
}

function checked<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found !== undefined) return found
  const near = nearest(value, known)
  const hint = near === undefined ? `is one of ${known.join(', ')}` : `did you mean ${near}?`
  throw bad(name, `cannot be ${JSON.stringify(value.slice(0, 64))}; ${hint}`)
}

function integer(name: string, value: string, least: number, most: number): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= least && number <= most) return number
  throw bad(name, `is a whole number from ${least} to ${most}, not ${JSON.stringify(value.slice(0, 64))}`)
}

function unknownName(name: string, known: readonly string[]): ProxyError {
  const near = nearest(name, [...known, ...Object.keys(aliases)])
  const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`
  return new ProxyError(
    'bad_request',
    `no parameter is called ${JSON.stringify(name.slice(0, 64))}; ${hint}`,
    {
      param: name,
    },
  )
}
