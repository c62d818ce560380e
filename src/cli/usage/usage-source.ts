import { text } from 'node:stream/consumers'
import type { ApiClient } from '../api-client.ts'
import { ProxyAway } from '../api-client.ts'

/** Where a usage command has its answers from: a proxy that runs, or a ledger that is read here. */
export interface UsageSource {
  stats(query: URLSearchParams): Promise<unknown>
  recent(query: URLSearchParams): Promise<unknown>
  record(id: string): Promise<unknown>
  export(query: URLSearchParams): Promise<AsyncIterable<Uint8Array>>
  close(): Promise<void>
}

/** A ledger opened to be read, without a proxy. */
export interface OpenLedger {
  stats(query: URLSearchParams, only: null): Promise<object>
  recent(query: URLSearchParams, only: null): Promise<string>
  record(id: string, only: null): Promise<string>
  export(query: URLSearchParams, only: null): Promise<{ pieces: AsyncIterable<Uint8Array> }>
  close(): Promise<void>
}

export function fromProxy(client: ApiClient): UsageSource {
  const json = async (path: string, query: URLSearchParams) =>
    JSON.parse(await text(await client.get(path, query))) as unknown
  return {
    stats: (query) => json('/v1/usage/stats', query),
    recent: (query) => json('/v1/usage/recent', query),
    record: (id) => json(`/v1/usage/records/${encodeURIComponent(id)}`, new URLSearchParams()),
    export: (query) => client.get('/v1/usage/export', query),
    close: () => Promise.resolve(),
  }
}

export function fromLedger(ledger: OpenLedger): UsageSource {
  return {
    stats: (query) => ledger.stats(query, null),
    recent: async (query) => JSON.parse(await ledger.recent(query, null)) as unknown,
    record: async (id) => JSON.parse(await ledger.record(id, null)) as unknown,
    export: async (query) => (await ledger.export(query, null)).pieces,
    close: () => ledger.close(),
  }
}

/** What a command asks, as its flags and the configuration say. */
export interface Sources<Source> {
  proxy: Source | null
  /** Opens the ledger that the command is to read without a proxy; null: the proxy was named. */
  ledger: (() => Promise<Source>) | null
  onLedger: (reason: ProxyAway) => void
}

/**
 * Asks the proxy; where none is there and nobody said where it is, the configured ledger. `ask` may be called twice.
 */
export async function askUsage<T, Source extends Pick<UsageSource, 'close'> = UsageSource>(
  sources: Sources<Source>,
  ask: (source: Source) => Promise<T>,
): Promise<T> {
  if (sources.proxy !== null) {
    try {
      return await ask(sources.proxy)
    } catch (error) {
      if (!(error instanceof ProxyAway) || sources.ledger === null) throw error
      sources.onLedger(error)
    }
  }
  const ledger = await sources.ledger?.()
  if (!ledger) throw new Error('there is neither a proxy nor a ledger to ask')
  try {
    return await ask(ledger)
  } finally {
    await ledger.close()
  }
}
