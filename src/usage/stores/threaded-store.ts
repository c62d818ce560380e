import { piecesOfPages } from './pieces-of-pages.ts'
import type { UsageStore } from './store.ts'
import type { ThreadCalls } from './thread-calls.ts'

/** What changes the store, and what is asked at the start, when nobody reads yet; all else only reads. */
const writing = [
  'append',
  'closeOrphans',
  'release',
  'removeBefore',
  'lastTurns',
  'spentSince',
  'exchangeOptOuts',
] as const satisfies readonly (keyof UsageStore)[]
const reading = [
  'stats',
  'page',
  'count',
  'find',
  'unseen',
  'archived',
] as const satisfies readonly (keyof UsageStore)[]

/**
 * A store whose work is done in threads that answer by the methods' own names: one that writes and one that reads,
 * which may be the same. `afterWriting` runs behind each write. Exports are made of pages unless `pieces` is there.
 */
export function threadedStore(
  writes: ThreadCalls,
  reads: ThreadCalls,
  afterWriting: () => Promise<void>,
  pieces: UsageStore['pieces'] = (query) => piecesOfPages(reads, query),
): UsageStore {
  const write = async (method: string, ...values: readonly unknown[]) => {
    const result = await writes.call(method, ...values)
    await afterWriting()
    return result
  }
  const asked = [
    ...writing.map((name) => [name, (...values: unknown[]) => write(name, ...values)] as const),
    ...reading.map((name) => [name, (...values: unknown[]) => reads.call(name, ...values)] as const),
  ]
  return {
    ...(Object.fromEntries(asked) as unknown as Omit<UsageStore, 'pieces' | 'prepare' | 'close'>),
    pieces,
    async prepare() {
      await write('open')
    },
    async close() {
      await Promise.all([...new Set([reads, writes])].map((thread) => thread.close()))
    },
  }
}
