import type { Clock } from '../core/clock.ts'
import type { ComparedExchange } from '../core/compared-exchange.ts'
import { ProxyError } from '../core/errors.ts'
import { readCompared } from './compared-exchanges.ts'
import { exportRecords, type UsageExport } from './export/export-records.ts'
import type { UsageFilter } from './query/filter.ts'
import {
  cursorText,
  parseComparedQuery,
  parseExportQuery,
  parseRecentQuery,
  parseStatsQuery,
  type QuerySource,
} from './query/parse-query.ts'
import { shownFilter } from './query/shown-filter.ts'
import { StoreError, type UsageStore } from './stores/store.ts'

export interface UsageApiParts {
  store: UsageStore
  clock: Pick<Clock, 'nowMs'>
  /** What must be in the store before it is asked: what has closed just now. */
  flush: () => Promise<void>
  sessionIdsOf?: QuerySource['sessionIdsOf']
}

/** Who asks: null sees everything, a name its own exchanges only. */
export type OnlyUser = string | null

/** The questions of `/v1/usage` and the command line, answered from a store. Errors: `ProxyError`. */
export interface UsageApi {
  stats(query: URLSearchParams, only: OnlyUser): Promise<object>
  /** As JSON text: the records in it are passed on as the store gives them. */
  recent(query: URLSearchParams, only: OnlyUser): Promise<string>
  /** By any unique beginning of its id. */
  record(id: string, only: OnlyUser): Promise<string>
  /** Throws before anything is given for what cannot be asked. */
  export(query: URLSearchParams, only: OnlyUser): Promise<UsageExport>
  /** What random replacement rolled for, in a window that is asked for as that of `stats`; oldest first. */
  compared(query: URLSearchParams, only: OnlyUser): Promise<AsyncIterable<ComparedExchange>>
}

const countedUpTo = 10_000

export function createUsageApi({ store, clock, flush, sessionIdsOf }: UsageApiParts): UsageApi {
  const source = (query: URLSearchParams): QuerySource => ({
    query,
    nowMs: clock.nowMs(),
    ...(sessionIdsOf && { sessionIdsOf }),
  })

  async function ask<T>(work: () => T | Promise<T>): Promise<T> {
    // What the store does not take is told by /internal/health; what it has is still there to be read.
    await flush().catch(() => {})
    try {
      return await work()
    } catch (error) {
      throw asApiError(error)
    }
  }

  return {
    stats: (query, only) =>
      ask(async () => {
        const asked = parseStatsQuery(source(query))
        const filter = onlyOf(asked.filter, only)
        return {
          ...(await store.stats({ ...asked, filter })),
          filters: shownFilter(filter),
          filters_without_match: await store.unseen(filter),
        }
      }),
    recent: (query, only) =>
      ask(async () => {
        const { filter: asked, limit, after } = parseRecentQuery(source(query))
        const filter = onlyOf(asked, only)
        const { lines, next } = await store.page({ filter, order: 'newest', after, limit })
        const rest = {
          total: await store.count(filter, countedUpTo),
          limit,
          next_cursor: next === null ? null : cursorText(next),
          has_more: next !== null,
        }
        return `{"records":[${lines.join(',')}],${JSON.stringify(rest).slice(1)}`
      }),
    record: (id, only) => ask(() => theRecord(store, id, only)),
    export: (query, only) =>
      ask(() => {
        const { filter, format } = parseExportQuery(source(query))
        return exportRecords(store, onlyOf(filter, only), format, clock.nowMs())
      }),
    compared: (query, only) =>
      ask(() => {
        const window = parseComparedQuery(source(query))
        return apiErrorsOf(readCompared(store, { ...window, proxyUsers: only === null ? [] : [only] }))
      }),
  }
}

async function theRecord(store: UsageStore, id: string, only: OnlyUser): Promise<string> {
  const bare = id.replace(/^x_/, '')
  if (!/^[0-9a-z]{1,20}$/.test(bare)) throw unknownRecord(id)
  const found = (await store.find(`x_${bare}`, 100)).filter(
    (line) => only === null || (JSON.parse(line) as { proxy_user: string | null }).proxy_user === only,
  )
  const [first, ...others] = found
  if (first === undefined) throw unknownRecord(id)
  if (others.length === 0) return first
  throw new ProxyError('bad_request', `${found.length} exchanges begin with ${id}; write more of the id`, {
    param: 'id',
  })
}

function unknownRecord(id: string): ProxyError {
  return new ProxyError(
    'unknown_record',
    `no exchange with the id ${JSON.stringify(id.slice(0, 32))} is in the ledger`,
  )
}

function onlyOf(filter: UsageFilter, only: OnlyUser): UsageFilter {
  return only === null ? filter : { ...filter, proxyUsers: [only] }
}

async function* apiErrorsOf<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* values
  } catch (error) {
    throw asApiError(error)
  }
}

function asApiError(error: unknown): unknown {
  return error instanceof StoreError
    ? new ProxyError('ledger_failed', error.message, { cause: error })
    : error
}
