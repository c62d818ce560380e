import { randomBytes } from 'node:crypto'
import fs, { existsSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../support/fake-clock.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aWriter } from './a-writer.ts'
import { WrittenExchange } from './an-exchange.ts'
import { captureFiles, chunksOf, legBytes, readCapture } from './read-capture.ts'
import { settingsFor } from './settings-for.ts'

const words = (seed: string, bytes: number) => `${seed} `.repeat(Math.ceil(bytes / (seed.length + 1)))

/** A request that no other shares a part with, and that does not deflate. */
const uniqueRequest = (bytes: number) => JSON.stringify({ content: randomBytes(bytes / 2).toString('hex') })

function recent(changes: Parameters<typeof settingsFor>[1] = {}, clock?: FakeClock) {
  const folder = join(tempFolder(), 'captures')
  const settings = settingsFor(folder, { mode: 'recent', ...changes })
  return { folder, settings, ...aWriter(settings, clock ? { clock } : {}) }
}

const { writeSync } = fs

/** The disk is full, until `fs.writeSync` is what it was. */
function failWrites(): void {
  fs.writeSync = (() => {
    throw Object.assign(new Error('ENOSPC: on purpose, write'), { code: 'ENOSPC' })
  }) as typeof fs.writeSync
  syncBuiltinESMExports()
}

afterEach(() => {
  fs.writeSync = writeSync
  syncBuiltinESMExports()
})

/** Of this process. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return [] // The one that the folder was read with.
    }
  })
}

function exchangesIn(path: string): string[] {
  return readCapture(path).records.flatMap(({ k, x }) => (k === 'xo' ? [x] : []))
}

describe('mode recent', () => {
  it('writes nothing until it is asked to, then everything that it kept', async () => {
    const { folder, writer } = recent()
    for (let i = 0; i < 5; i++) {
      WrittenExchange.whole(writer, `x_${i}`, { request: words(`request ${i}`, 3_000), chunks: ['a', 'b'] })
    }
    await expect(writer.save({ exchange: 'x_none' })).rejects.toMatchObject({ code: 'not_found' })
    expect(() => readdirSync(folder)).toThrow('ENOENT')
    expect(writer.state()).toMatchObject({ mode: 'recent', file: null })
    expect(writer.state().bytes).toBeGreaterThan(1_000)

    const saved = await writer.save()
    expect(saved.exchanges).toBe(5)
    expect(statSync(saved.file).mode & 0o777).toBe(0o600)
    const { records, tail } = readCapture(saved.file)
    expect([tail, records[0]?.k, records.at(-1)?.k]).toEqual([0, 'hdr', 'end'])
    for (let i = 0; i < 5; i++) {
      expect(legBytes(records, `x_${i}`, 0).toString()).toBe(words(`request ${i}`, 3_000))
      expect(chunksOf(records, `x_${i}`, 1).map(({ bytes }) => bytes.toString())).toEqual(['a', 'b'])
      expect(records.find(({ k, x }) => k === 'u' && x === `x_${i}`)).toMatchObject({ outcome: 'complete' })
    }
  })

  it('saves an exchange while it hangs, as far as it is, and what follows until it closes', async () => {
    const { writer } = recent()
    const hanging = new WrittenExchange(writer, 'x_hangs')
    hanging.ask()
    hanging.answer()
    hanging.chunk('data: so far\n\n')
    const { file } = await writer.save({ exchange: 'x_hangs' })
    const soFar = readCapture(file).records
    expect(legBytes(soFar, 'x_hangs', 1).toString()).toBe('data: so far\n\n')
    expect(soFar.at(-1)?.k).toBe('b')

    hanging.chunk('data: then\n\n')
    WrittenExchange.whole(writer, 'x_other')
    hanging.end({ outcome: 'incomplete' })
    // What was saved is not written again, and the file it stands in is named.
    expect(await writer.save({ exchange: 'x_hangs' })).toEqual({ file, exchanges: 0 })
    const { records } = readCapture(file)
    expect(legBytes(records, 'x_hangs', 1).toString()).toBe('data: so far\n\ndata: then\n\n')
    expect(records.slice(-2)).toMatchObject([{ k: 'u', outcome: 'incomplete' }, { k: 'end' }])
    expect(exchangesIn(file)).toEqual(['x_hangs'])
    const other = await writer.save()
    expect(exchangesIn(other.file)).toEqual(['x_other'])
  })

  it('saves with an exchange the last three of its session before it', async () => {
    const { writer } = recent()
    for (let i = 0; i < 6; i++) {
      WrittenExchange.whole(writer, `x_${i}`, { session: 's_1' })
      WrittenExchange.whole(writer, `x_other_${i}`, { session: 's_2' })
    }
    const { file, exchanges } = await writer.save({ exchange: 'x_4' })
    expect(exchanges).toBe(4)
    expect(exchangesIn(file)).toEqual(['x_1', 'x_2', 'x_3', 'x_4'])
  })

  it('saves again what somebody deleted', async () => {
    const { writer } = recent()
    WrittenExchange.whole(writer, 'x_1')
    const first = await writer.save()
    rmSync(first.file)
    const second = await writer.save()
    expect(second.file).not.toBe(first.file)
    expect(exchangesIn(second.file)).toEqual(['x_1'])
  })

  it('keeps within its memory: the oldest leave first, whole, and what several have in common counts once', async () => {
    const recentBytes = 400_000
    const { writer } = recent({ recentBytes })
    for (let i = 0; i < 40; i++) {
      WrittenExchange.whole(writer, `x_${i}`, { request: uniqueRequest(60_000) })
      await writer.save({ exchange: 'x_none' }).catch(() => {})
      expect(writer.state().bytes).toBeLessThanOrEqual(recentBytes)
    }
    const { file } = await writer.save()
    const kept = exchangesIn(file)
    expect(kept.length).toBeGreaterThan(3)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => `x_${40 - kept.length + i}`))
    const { records } = readCapture(file)
    for (const x of kept) expect(legBytes(records, x, 0)).toHaveLength(60_014)

    const shared = uniqueRequest(60_000)
    for (let i = 0; i < 40; i++) WrittenExchange.whole(writer, `x_shared_${i}`, { request: shared })
    expect((await writer.save()).exchanges).toBe(40)
  })

  it('never loses the head or the request of one that is open: its oldest chunks leave, and it says so', async () => {
    const recentBytes = 100_000
    const { writer } = recent({ recentBytes })
    const long = new WrittenExchange(writer, 'x_long', { request: '{"model":"the request"}' })
    long.ask()
    long.answer()
    for (let n = 0; n < 2_000; n++) long.chunk(`data: ${n} ${'y'.repeat(100)}\n\n`)
    const { file } = await writer.save()
    expect(writer.state().bytes).toBeLessThanOrEqual(recentBytes)
    const { records } = readCapture(file)
    expect(records.filter(({ k }) => k === 'h')).toHaveLength(4)
    expect(legBytes(records, 'x_long', 2, 1).toString()).toBe('{"model":"the request"}')
    const chunks = chunksOf(records, 'x_long', 1)
    expect(chunks.at(-1)?.n).toBe(1_999)
    const [loss] = records.filter(({ k }) => k === 'drop')
    const kept = records.filter(({ k, l }) => k === 'b' && (l === 1 || l === 3)).length
    expect(loss).toMatchObject({ why: 'cap', x: ['x_long'], n: 4_000 - kept })
  })

  it('saves for an issue at most once a minute, and tells the log', async () => {
    const clock = new FakeClock()
    const { folder, writer, notices, next } = recent({}, clock)
    WrittenExchange.whole(writer, 'x_1')
    WrittenExchange.whole(writer, 'x_2')
    const saved = next('saved')
    writer.saveForIssue('x_1')
    writer.saveForIssue('x_2')
    await saved
    expect(captureFiles(folder).map(exchangesIn)).toEqual([['x_1']])
    clock.advance(60_000)
    const again = next('saved')
    writer.saveForIssue('x_2')
    await again
    expect(captureFiles(folder).map(exchangesIn)).toEqual([['x_1'], ['x_2']])
    expect(notices.filter(({ code }) => code === 'saved').map(({ file }) => file)).toEqual(
      captureFiles(folder),
    )
    clock.advance(60_000)
    const failed = next('not_saved')
    writer.saveForIssue('x_gone')
    await failed
  })

  it('saves nothing beyond max_total_mb that cannot be made room for', async () => {
    const { folder, writer } = recent({ maxTotalBytes: 40_000 })
    const hanging = new WrittenExchange(writer, 'x_1', { request: uniqueRequest(40_000) })
    hanging.ask()
    await writer.save()
    WrittenExchange.whole(writer, 'x_2', { request: uniqueRequest(40_000) })
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable', message: /max_total_mb/ })
    expect(captureFiles(folder)).toHaveLength(1)
    hanging.end()
    // Now it is closed and the oldest.
    await writer.save()
    expect(captureFiles(folder).map(exchangesIn)).toEqual([['x_2']])
  })

  it('saves nothing that is larger than max_total_mb by itself, and deletes nothing for it', async () => {
    const { folder, writer } = recent({ maxTotalBytes: 40_000 })
    WrittenExchange.whole(writer, 'x_small')
    await writer.save()
    WrittenExchange.whole(writer, 'x_large', { request: uniqueRequest(120_000) })
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable', message: /max_total_mb/ })
    expect(captureFiles(folder).map(exchangesIn)).toEqual([['x_small']])
  })

  it('makes room for what a save takes, in which equal parts stand once', async () => {
    const { folder, writer } = recent({ maxTotalBytes: 400_000 })
    WrittenExchange.whole(writer, 'x_before')
    const before = await writer.save()
    const request = uniqueRequest(60_000)
    for (let i = 0; i < 20; i++) WrittenExchange.whole(writer, `x_${i}`, { request })
    const { file } = await writer.save()
    expect(captureFiles(folder)).toEqual([before.file, file].sort())
  })

  it('saves again, whole, what a file that failed could not take', async () => {
    const { writer, notices, next } = recent()
    const hanging = new WrittenExchange(writer, 'x_1')
    hanging.ask()
    hanging.answer()
    const first = await writer.save()
    failWrites()
    const told = next('trouble')
    hanging.chunk('data: lost to the first\n\n')
    await told
    fs.writeSync = writeSync
    syncBuiltinESMExports()
    hanging.end()
    const second = await writer.save({ exchange: 'x_1' })
    expect(second).toEqual({ file: expect.not.stringContaining(first.file), exchanges: 1 })
    expect(legBytes(readCapture(second.file).records, 'x_1', 1).toString()).toBe(
      'data: lost to the first\n\n',
    )
    expect(notices.filter(({ code }) => code === 'trouble')).toHaveLength(1)
  })

  it.skipIf(!existsSync('/proc/self/fd'))(
    'closes a file that somebody deleted when its exchange goes on in another',
    async () => {
      const { writer } = recent()
      const hanging = new WrittenExchange(writer, 'x_1')
      hanging.ask()
      const first = await writer.save()
      rmSync(first.file)
      const second = await writer.save()
      hanging.end()
      expect(await writer.save()).toEqual({ file: second.file, exchanges: 0 })
      expect(openFiles().filter((path) => path.startsWith(dirname(first.file)))).toEqual([])
    },
  )

  it('switched to all, takes along what is open from its beginning', async () => {
    const { folder, settings, writer } = recent()
    WrittenExchange.whole(writer, 'x_closed')
    const open = new WrittenExchange(writer, 'x_open')
    open.ask()
    open.answer()
    open.chunk('data: before\n\n')
    void writer.configure({ ...settings, mode: 'all' })
    open.chunk('data: after\n\n')
    open.end()
    await writer.close()
    const [path = ''] = captureFiles(folder)
    const { records } = readCapture(path)
    expect(exchangesIn(path)).toEqual(['x_open'])
    expect(records.find(({ k }) => k === 'xo')?.late).toBeUndefined()
    expect(legBytes(records, 'x_open', 1).toString()).toBe('data: before\n\ndata: after\n\n')
  })

  it('switched to from all, keeps what follows of what is open, and says that it began before', async () => {
    const { folder, settings, writer } = recent({ mode: 'all' })
    const open = new WrittenExchange(writer, 'x_open')
    open.ask()
    open.answer()
    open.chunk('data: before\n\n')
    void writer.configure({ ...settings, mode: 'recent' })
    open.chunk('data: after\n\n')
    const { file } = await writer.save()
    open.end()
    await writer.close()
    const [first = '', second = ''] = captureFiles(folder)
    expect(second).toBe(file)
    expect(readCapture(first).records.at(-1)?.k).toBe('end')
    const { records } = readCapture(second)
    expect(records[1]).toMatchObject({ k: 'xo', late: true })
    expect(chunksOf(records, 'x_open', 1)).toMatchObject([{ n: 1, omitted: 0 }])
    expect(legBytes(records, 'x_open', 1).toString()).toBe('data: after\n\n')
  })

  it('off, refuses to save and says what to do', async () => {
    const { writer } = recent({ mode: 'off' })
    await expect(writer.save()).rejects.toMatchObject({ code: 'unsupported', message: /capture on/ })
  })
})
