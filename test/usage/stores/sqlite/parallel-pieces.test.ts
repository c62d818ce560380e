import { once } from 'node:events'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Piece } from '../../../../src/usage/export/piece.ts'
import { everything } from '../../../../src/usage/query/filter.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { openFile } from '../../../../src/usage/stores/sqlite/connection.ts'
import { parallelPieces } from '../../../../src/usage/stores/sqlite/parallel-pieces.ts'
import type { Span } from '../../../../src/usage/stores/sqlite/pieces.ts'
import { SqliteWriter } from '../../../../src/usage/stores/sqlite/writer.ts'
import { type Cursor, StoreError } from '../../../../src/usage/stores/store.ts'
import type { ThreadCalls } from '../../../../src/usage/stores/thread-calls.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const query = { filter: everything, format: 'jsonl' } as const
const records = 60_000

/** A thread with a record a millisecond; it answers what it is asked when it is let. */
class ScriptedThread implements ThreadCalls {
  readonly waiting: (() => void)[] = []
  asked = 0
  closed = false
  /** Answers at once. */
  isQuick = false
  failsFrom = Number.POSITIVE_INFINITY

  call<T>(method: string, ...values: readonly unknown[]): Promise<T> {
    if (method === 'cuts') {
      const [, after, each, most] = values as [unknown, Cursor, number, number]
      const from = Math.max(0, after.atMs)
      const count = Math.min(most, Math.floor((records - from) / each))
      return Promise.resolve(
        Array.from({ length: count }, (_, at) => ({ atMs: from + (at + 1) * each, id: '' })) as T,
      )
    }
    this.asked++
    const [, span] = values as [unknown, Span]
    return new Promise((resolve, reject) => {
      const answer = () => {
        if (span.after.atMs >= this.failsFrom) reject(new StoreError('failed', 'malformed JSON'))
        else resolve(piecesOf(span) as T)
      }
      if (this.isQuick) answer()
      else this.waiting.push(answer)
    })
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

function piecesOf({ after, ends }: Span): Piece[] {
  let from = Math.max(0, after.atMs)
  return ends.map((end) => {
    const until = Math.min(records, end.atMs)
    const piece = { bytes: Buffer.from(`${from}-${until}\n`), records: until - from }
    from = until
    return piece
  })
}

const rangeOf = ({ bytes }: Piece) => Buffer.from(bytes).toString().trim().split('-').map(Number)

describe('an export by two threads', () => {
  it('is in order whichever of them is the faster, and both have their part', async () => {
    const [one, two] = [new ScriptedThread(), new ScriptedThread()]
    let at = 0
    const pieces = parallelPieces(query, one, () => two)
    const answering = setInterval(() => {
      for (const thread of [one, one, two]) thread.waiting.shift()?.()
    }, 0)
    for await (const piece of pieces) {
      const [from, until] = rangeOf(piece)
      expect(from).toBe(at)
      at = until ?? -1
    }
    clearInterval(answering)
    expect(at).toBe(records)
    expect(two.asked).toBeGreaterThan(5)
    expect(one.asked).toBeGreaterThan(two.asked)
    expect([one.closed, two.closed]).toEqual([false, true])
  })

  it('has never more than a few spans ahead of who reads', async () => {
    const [one, two] = [new ScriptedThread(), new ScriptedThread()]
    one.isQuick = true
    two.isQuick = true
    let given = 0
    for await (const piece of parallelPieces(query, one, () => two)) {
      given += piece.records
      // 1,000 records a span; the one that is being given, and two a thread.
      expect((one.asked + two.asked) * 1_000 - given).toBeLessThanOrEqual(5_000)
    }
    expect(given).toBe(records)
  })

  it('ends with who reads it: nothing more is asked, and the second thread is closed', async () => {
    const [one, two] = [new ScriptedThread(), new ScriptedThread()]
    one.isQuick = true
    two.isQuick = true
    let given = 0
    for await (const piece of parallelPieces(query, one, () => two)) {
      given += piece.records
      if (given === 20_200) break
    }
    const asked = one.asked + two.asked
    expect(two.closed).toBe(true)
    await new Promise(setImmediate)
    expect(one.asked + two.asked).toBe(asked)
    expect(asked).toBeLessThanOrEqual(25)
  })

  it('gives all that stands before a fault, then the fault', async () => {
    const [one, two] = [new ScriptedThread(), new ScriptedThread()]
    for (const thread of [one, two]) Object.assign(thread, { isQuick: true, failsFrom: 30_000 })
    let at = 0
    const reading = (async () => {
      for await (const piece of parallelPieces(query, one, () => two)) at = rangeOf(piece)[1] ?? -1
    })()
    await expect(reading).rejects.toThrow('malformed JSON')
    expect(at).toBe(30_000)
    expect(two.closed).toBe(true)
  })

  it('begins and ends with its window, however much the ledger has around it', async () => {
    const one = new ScriptedThread()
    one.isQuick = true
    const asked = vi.spyOn(one, 'call')
    const filter = { ...everything, fromMs: 20_000, untilMs: 23_000 }
    for await (const _ of parallelPieces({ filter, format: 'csv' }, one, () => null));
    const spans = asked.mock.calls.flatMap(([method, , span]) => (method === 'pieces' ? [span as Span] : []))
    expect(spans[0]?.after.atMs).toBe(20_000)
    expect(spans.at(-1)?.ends.at(-1)).toEqual({ atMs: 23_000, id: '' })
  })

  it('is made by one where there is no second', async () => {
    const one = new ScriptedThread()
    one.isQuick = true
    let given = 0
    for await (const piece of parallelPieces(query, one, () => null)) given += piece.records
    expect(given).toBe(records)
  })
})

describe('a long export of a ledger that is only read', () => {
  const threads = new Set<Worker>()
  const noted = (worker: Worker) => {
    threads.add(worker)
    worker.once('exit', () => threads.delete(worker))
  }
  afterEach(() => {
    process.off('worker', noted)
    threads.clear()
  })

  /** Ninety records a millisecond: pieces end among those of one moment. */
  function ledgerOf(count: number): { path: string; ids: string[] } {
    const path = join(tempFolder(), 'usage.db')
    const database = openFile(path, 'write')
    const batch = { records: [aRecord({ id: 'x_0' })], opened: [], ended: [] }
    new SqliteWriter(database, path).append({ id: 'me', pid: process.pid, machine: 'here' }, batch)
    const [, , ...others] = Object.keys(aRecord())
    database.exec(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
      INSERT INTO records (id, timestamp, ${others})
      SELECT 'x_' || i, timestamp + i / 90, ${others} FROM n, (SELECT * FROM records WHERE id = 'x_0')`)
    database.close()
    const byMoment = Array.from({ length: count }, (_, i) => ({ id: `x_${i}`, ms: Math.floor(i / 90) }))
    byMoment.sort((a, b) => a.ms - b.ms || (a.id < b.id ? -1 : 1))
    return { path, ids: byMoment.map(({ id }) => id) }
  }
  const openToRead = (path: string) =>
    openStore(path, {
      ...{ readOnly: true, machine: 'here', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
    })

  it('has each record once in order; its second thread lives as long as it or who reads it', async () => {
    const { path, ids } = ledgerOf(13_000)
    process.on('worker', noted)
    const store = openToRead(path)
    const found: string[] = []
    let most = 0
    for await (const { bytes } of store.pieces(query)) {
      most = Math.max(most, threads.size)
      found.push(
        ...(Buffer.from(bytes)
          .toString()
          .match(/(?<=^\{"id":")x_\w+/gm) ?? []),
      )
    }
    expect(found).toEqual(ids)
    expect(most).toBe(2)
    await vi.waitFor(() => expect(threads.size).toBe(1))

    const stream = Readable.from(store.pieces(query), { objectMode: true, highWaterMark: 1 })
    let pieces = 0
    for await (const _ of stream.iterator({ destroyOnReturn: false })) if (++pieces === 60) break
    expect(threads.size).toBe(2)
    stream.destroy()
    await once(stream, 'close')
    await vi.waitFor(() => expect(threads.size).toBe(1))
    await store.close()
    await vi.waitFor(() => expect(threads.size).toBe(0))
  })
})
