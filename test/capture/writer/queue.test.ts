import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { verify } from '../../../src/capture/reader/verify.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aWriter } from './a-writer.ts'
import { WrittenExchange } from './an-exchange.ts'
import { heldThreads } from './held-thread.ts'
import { captureFiles, chunksOf, everythingIn, legBytes, readCapture, readFolder } from './read-capture.ts'
import { settingsFor } from './settings-for.ts'

const maxWaitingBytes = 300_000
const chunk = `data: ${'x'.repeat(180)}\n\n`

describe('what waits for the thread', () => {
  it('is bounded with 1,000 streams at once; what is beyond it is counted and told in the file', async () => {
    const folder = tempFolder()
    const threads = heldThreads()
    const { writer, notices } = aWriter(settingsFor(folder), { maxWaitingBytes, start: threads.start })
    WrittenExchange.whole(writer, 'x_before')
    await writer.save()
    const before = threads.posted.bytes

    threads.hold()
    const streams = Array.from({ length: 1_000 }, (_, i) => new WrittenExchange(writer, `x_${i}`))
    for (const stream of streams.slice(0, 300)) begin(stream)
    for (let n = 0; n < 20; n++) for (const stream of streams.slice(0, 300)) stream.chunk(chunk)
    for (const stream of streams.slice(300)) begin(stream)
    for (const stream of streams.slice(0, 200)) stream.end()
    expect(threads.posted.bytes - before).toBeLessThanOrEqual(maxWaitingBytes)
    const { dropped_records: dropped } = writer.state()
    // 9 records to begin, 2 for each chunk, 3 to end.
    const told = 1_000 * 9 + 300 * 20 * 2 + 200 * 3
    expect(dropped).toBeGreaterThan(told / 2)
    expect(dropped).toBeLessThan(told)
    expect(notices.filter(({ code }) => code === 'queue_full')).toHaveLength(1)

    threads.release()
    await writer.save()
    for (const [i, stream] of streams.slice(200).entries()) {
      stream.end()
      if (i % 50 === 49) await writer.save()
    }
    WrittenExchange.whole(writer, 'x_after')
    await writer.close()
    const records = readFolder(folder)
    const losses = records.filter(({ k }) => k === 'drop')
    expect(losses.map(({ why }) => why)).toEqual(losses.map(() => 'queue_full'))
    expect(losses.reduce((sum, { n }) => sum + n, 0)).toBe(writer.state().dropped_records)
    expect(losses[0]?.x).toHaveLength(64)
    expect(losses[0]?.bytes).toBeGreaterThan(100_000)
    expect(legBytes(records, 'x_after', 0).toString()).toBe('{"model":"m"}')
    // What was taken is whole and in its place.
    for (const { n, bytes } of chunksOf(records, 'x_0', 1)) expect([n, bytes.toString()]).toEqual([n, chunk])
    // Of a stream that could not be opened in time, the end opens it.
    expect(records.find(({ k, x }) => k === 'xo' && x === 'x_999')).toMatchObject({ late: true })
    expect(records.find(({ k, x, l }) => k === 'e' && x === 'x_250' && l === 1)).toMatchObject({ n: 20 })
  })

  it('is told in the file of its time, when the capture is switched off', async () => {
    const folder = tempFolder()
    const threads = heldThreads()
    const { writer } = aWriter(settingsFor(folder), { maxWaitingBytes, start: threads.start })
    WrittenExchange.whole(writer, 'x_before')
    await writer.save()
    threads.hold()
    const long = new WrittenExchange(writer, 'x_long')
    begin(long)
    for (let n = 0; n < 2_000; n++) long.chunk(chunk)
    void writer.configure(settingsFor(folder, { mode: 'off' }))
    threads.release()
    await writer.close()
    const records = readFolder(folder)
    expect(records.filter(({ k }) => k === 'drop')).toMatchObject([
      { why: 'queue_full', x: ['x_long'], n: writer.state().dropped_records },
    ])
    expect(records.at(-1)?.k).toBe('end')
  })

  it('goes over in few batches: a hundred chunks cost one', async () => {
    const threads = heldThreads()
    const { writer } = aWriter(settingsFor(tempFolder()), { start: threads.start })
    await writer.save().catch(() => {})
    const { batches } = threads.posted
    const exchange = new WrittenExchange(writer, 'x_1')
    exchange.ask()
    for (let n = 0; n < 50; n++) exchange.chunk(chunk)
    exchange.end()
    await writer.save()
    expect(threads.posted.batches - batches).toBeLessThanOrEqual(2)
    expect(threads.posted.largest).toBeLessThanOrEqual(64 * 1024)
  })

  it('may be one body that is larger than all that may wait', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder), { maxWaitingBytes })
    await writer.save().catch(() => {})
    const request = JSON.stringify({ text: 'word '.repeat(200_000) })
    WrittenExchange.whole(writer, 'x_1', { request })
    await writer.close()
    expect(legBytes(readFolder(folder), 'x_1', 0).toString()).toBe(request)
  })
})

describe('closing', () => {
  it('waits for a thread as long as it writes, however much waits for it', async () => {
    const folder = tempFolder()
    const clock = new FakeClock()
    const threads = heldThreads()
    const { writer, notices } = aWriter(settingsFor(folder), { clock, start: threads.start })
    const exchange = new WrittenExchange(writer, 'x_1')
    begin(exchange)
    threads.hold()
    for (let n = 0; n < 4; n++) exchange.chunk(Buffer.alloc(200_000, n))
    exchange.end()
    let isClosed = false
    const closing = writer.close().then(() => {
      isClosed = true
    })
    // What begins the exchange, then eight chunks.
    for (let released = 0; released <= 8; released++) {
      threads.releaseOne()
      await vi.waitFor(() => expect(written(folder)).toBe(released), patience)
      clock.advance(3_000)
      await new Promise((resolve) => setImmediate(resolve))
      expect(isClosed).toBe(false)
    }
    threads.release()
    await closing
    expect(notices.filter(({ level }) => level === 'error')).toEqual([])
    expect(readFolder(folder).at(-1)?.k).toBe('end')
  })

  it('does not wait for one that writes nothing, and says what is missing', async () => {
    const clock = new FakeClock()
    const threads = heldThreads()
    const { writer, notices } = aWriter(settingsFor(tempFolder()), { clock, start: threads.start })
    threads.hold()
    WrittenExchange.whole(writer, 'x_1')
    const closing = writer.close()
    clock.advance(5_000)
    await closing
    expect(notices.at(-1)).toMatchObject({ level: 'error', message: expect.stringMatching(/ 14 records/) })
    threads.release()
  })
})

describe('a thread that dies', () => {
  it('is started anew with a new file, knows what it has to, and says what went with it', async () => {
    const folder = tempFolder()
    const threads = heldThreads()
    const { writer, notices, next } = aWriter(settingsFor(folder), { start: threads.start, retryMs: 10 })
    const secret = 'a-secret-that-was-told-once'
    writer.learn(secret, 'provider-key')
    writer.learn('a credential of some client', 'credential')
    const exchange = new WrittenExchange(writer, 'x_1', { session: 's_1', enc: 'gzip' })
    exchange.ask()
    exchange.answer()
    exchange.chunk(gzipSync('data: 0\n\n'))
    await writer.save()

    threads.hold()
    exchange.chunk('lost with the thread')
    const saving = expect(writer.save()).rejects.toMatchObject({ code: 'unwritable' })
    const lost = next('thread_lost')
    await threads.threads[0]?.terminate()
    await lost
    await saving
    expect(writer.state()).toMatchObject({ file: null, dropped_records: 2 })
    expect(writer.state().last_error).toContain('thread')
    threads.release()
    const opened = next('file_opened')
    exchange.chunk('lost while there is none')
    const asking = setInterval(() => WrittenExchange.whole(writer, `x_${performance.now()}`), 5)
    await opened
    clearInterval(asking)
    WrittenExchange.whole(writer, 'x_2', { request: `"${secret}"`, url: '/?c=a credential of some client' })
    exchange.chunk('cannot be decoded from its middle')
    exchange.end()
    await writer.close()

    expect(notices.filter(({ code }) => code === 'thread_lost')).toHaveLength(1)
    const [before, after] = captureFiles(folder).map((path) => readCapture(path).records)
    expect(legBytes(before ?? [], 'x_1', 1).toString()).toBe('data: 0\n\n')
    expect(after?.[0]).toMatchObject({ k: 'hdr', run: before?.[0]?.run, sec: 1 })
    const losses = (after ?? []).filter(({ k }) => k === 'drop')
    expect(losses.reduce((sum, { n }) => sum + n, 0)).toBe(writer.state().dropped_records)
    expect(losses.map(({ why }) => why)).toEqual(losses.map(() => 'writer_lost'))
    expect((await verify(folder)).flatMap((file) => file.losses)).toContainEqual(
      expect.objectContaining({ why: 'the thread that wrote was lost' }),
    )
    expect(after?.find(({ k, x }) => k === 'xo' && x === 'x_1')).toMatchObject({ late: true })
    const everything = everythingIn(captureFiles(folder))
    for (const part of [secret, 'credential of', 'cannot be decoded'])
      expect(everything.indexOf(part)).toBe(-1)
    const last = after?.find(({ k, x, l }) => k === 'b' && x === 'x_1' && l === 1)
    expect(last).toMatchObject({ n: 3, enc: 'gzip', omitted: 33, d: [] })
  })
})

const patience = { timeout: 10_000 }

/** Chunks that are in the file. */
function written(folder: string): number {
  return readFolder(folder).filter(({ k, l }) => k === 'b' && (l === 1 || l === 3)).length
}

function begin(exchange: WrittenExchange): void {
  exchange.ask()
  exchange.answer()
}
