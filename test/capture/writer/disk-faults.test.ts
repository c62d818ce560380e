import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { smallFileSystem, whyNoMount } from '../../support/small-file-system.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aWriter } from './a-writer.ts'
import { WrittenExchange } from './an-exchange.ts'
import { captureFiles, chunksOf, legBytes, type ReadRecord, readCapture, readFolder } from './read-capture.ts'
import { settingsFor } from './settings-for.ts'

const noMount = whyNoMount()
const retryMs = 30

function aSmallDisk(mebibytes = 1) {
  const disk = smallFileSystem(mebibytes)
  onTestFinished(() => disk.remove())
  return { ...disk, captures: join(disk.folder, 'captures') }
}

function lossesIn(records: readonly ReadRecord[]) {
  return records.filter(({ k }) => k === 'drop')
}

describe.skipIf(noMount)('a disk that does not take what is written', () => {
  it('is full: the loss is in the file when it works again, told once, and nothing else is damaged', async () => {
    const disk = aSmallDisk()
    const { writer, notices, next } = aWriter(settingsFor(disk.captures), { retryMs })
    WrittenExchange.whole(writer, 'x_before')
    await writer.save()
    disk.fill(5_000)
    const inTrouble = next('trouble')
    const request = JSON.stringify({ messages: ['the same words '.repeat(400)] })
    const lost = new WrittenExchange(writer, 'x_lost')
    lost.ask()
    lost.answer()
    lost.chunk(Buffer.concat([randomBytes(20_000), Buffer.from('\n')]))
    const open = new WrittenExchange(writer, 'x_open', { request })
    open.ask()
    lost.end()
    await inTrouble
    expect(writer.state().last_error).toContain('ENOSPC')
    WrittenExchange.whole(writer, 'x_meanwhile')
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable' })
    const recovered = next('recovered')
    disk.empty()
    await recovered
    expect(writer.state().last_error).toBeNull()
    open.end()
    WrittenExchange.whole(writer, 'x_after', { request })
    await writer.close()

    const files = captureFiles(disk.captures).map(readCapture)
    expect(files.map(({ damaged, tail }) => [damaged, tail])).toEqual([[0, 0]])
    const { records } = files[0] ?? { records: [] }
    expect(legBytes(records, 'x_before', 0).toString()).toBe('{"model":"m"}')
    expect(legBytes(records, 'x_after', 2, 1).toString()).toBe(request)
    expect(records.find(({ k, x }) => k === 'xo' && x === 'x_open')).toMatchObject({ late: true })
    const [loss] = lossesIn(records)
    expect(lossesIn(records)).toHaveLength(1)
    expect(loss).toMatchObject({ why: 'disk_full', x: expect.arrayContaining(['x_lost', 'x_meanwhile']) })
    expect(loss?.n).toBe(writer.state().dropped_records)
    expect(loss?.bytes).toBeGreaterThan(10_000)
    expect(loss?.from).toBeLessThan(loss?.to)
    expect(notices.filter(({ code }) => code === 'trouble')).toHaveLength(1)
  })

  it('is full from the start: no empty files are left while it is tried again', async () => {
    const disk = aSmallDisk()
    disk.fill()
    const { writer, next } = aWriter(settingsFor(disk.captures), { retryMs })
    const inTrouble = next('trouble')
    WrittenExchange.whole(writer, 'x_1')
    await inTrouble
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable' })
    const recovered = next('recovered')
    disk.empty()
    await recovered
    await writer.close()
    expect(captureFiles(disk.captures)).toHaveLength(1)
    expect(lossesIn(readFolder(disk.captures))).toHaveLength(1)
  })

  it('becomes read-only, and writable again', async () => {
    const disk = aSmallDisk()
    const { writer, next } = aWriter(settingsFor(disk.captures, { maxFileBytes: 2_000 }), { retryMs })
    WrittenExchange.whole(writer, 'x_before')
    await writer.save()
    // A file that is open for writing forbids the remount: the next one is begun on the read-only disk.
    void writer.configure(settingsFor(disk.captures, { mode: 'off' }))
    await closedFile(writer)
    execFileSync('mount', ['-o', 'remount,ro', disk.folder])
    const inTrouble = next('trouble')
    void writer.configure(settingsFor(disk.captures))
    await inTrouble
    expect(writer.state().last_error).toMatch(/EROFS|read-only/)
    WrittenExchange.whole(writer, 'x_lost')
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable' })
    const recovered = next('recovered')
    execFileSync('mount', ['-o', 'remount,rw', disk.folder])
    await recovered
    WrittenExchange.whole(writer, 'x_after')
    await writer.close()
    const records = readFolder(disk.captures)
    expect(lossesIn(records)).toMatchObject([{ why: 'disk_error', x: ['x_lost'] }])
    expect(legBytes(records, 'x_after', 0).toString()).toBe('{"model":"m"}')
  })

  it('has less free space than is to be left: nothing is written until it has', async () => {
    const disk = aSmallDisk(4)
    const minFreeBytes = 3e6
    disk.fill(1e6)
    const { writer, next } = aWriter(settingsFor(disk.captures, { minFreeBytes }), { retryMs })
    const inTrouble = next('trouble')
    WrittenExchange.whole(writer, 'x_lost')
    await inTrouble
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable', message: /min_free_mb/ })
    expect(captureFiles(disk.captures)).toEqual([])
    const recovered = next('recovered')
    disk.empty()
    await recovered
    WrittenExchange.whole(writer, 'x_after')
    await writer.close()
    const records = readFolder(disk.captures)
    expect(lossesIn(records)).toMatchObject([{ why: 'disk_full', x: ['x_lost'] }])
    expect(legBytes(records, 'x_after', 0).toString()).toBe('{"model":"m"}')
  })
})

describe.skipIf(noMount)('a disk that fills while it is written', () => {
  it('keeps the free space that is to be left', async () => {
    const disk = aSmallDisk(8)
    const minFreeBytes = 4e6
    const { writer, next } = aWriter(settingsFor(disk.captures, { minFreeBytes }), { retryMs })
    const exchange = new WrittenExchange(writer, 'x_1')
    exchange.ask()
    exchange.answer()
    await writer.save()
    disk.fill(3e6)
    const inTrouble = next('trouble')
    const chunks = setInterval(() => exchange.chunk('data: more\n\n'), 20)
    await inTrouble
    clearInterval(chunks)
    expect(writer.state().last_error).toContain('min_free_mb')
    const recovered = next('recovered')
    disk.empty()
    await recovered
    exchange.end()
    await writer.close()
    const [loss] = lossesIn(readFolder(disk.captures))
    expect(loss).toMatchObject({ why: 'disk_full', x: ['x_1'], n: writer.state().dropped_records })
  })
})

describe('a folder that vanishes', () => {
  it('is made again, and the new file says what went with the old one', async () => {
    const folder = join(tempFolder(), 'captures')
    const { writer, notices, next } = aWriter(settingsFor(folder), { retryMs })
    const exchange = new WrittenExchange(writer, 'x_1')
    exchange.ask()
    exchange.answer()
    await writer.save()
    rmSync(folder, { recursive: true })
    const told = next('trouble')
    const chunks = setInterval(() => exchange.chunk('data: more\n\n'), 20)
    await told
    clearInterval(chunks)
    exchange.chunk('data: last\n\n')
    exchange.end()
    await writer.close()
    expect(notices.filter(({ code }) => code === 'trouble')).toHaveLength(1)
    const records = readFolder(folder)
    expect(lossesIn(records)).toMatchObject([{ why: 'disk_error', x: ['x_1'] }])
    expect(records.find(({ k }) => k === 'xo')).toMatchObject({ x: 'x_1', late: true })
    expect(legBytes(records, 'x_1', 1).toString()).toContain('data: last\n\n')
  })
})

describe('a folder that is moved away', () => {
  it('keeps its file whole, and another one is begun where the folder was', async () => {
    const folder = join(tempFolder(), 'captures')
    const { writer, notices, next } = aWriter(settingsFor(folder), { retryMs })
    const exchange = new WrittenExchange(writer, 'x_1')
    exchange.ask()
    exchange.answer()
    await writer.save()
    renameSync(folder, `${folder}-before`)
    mkdirSync(`${folder}-after`)
    symlinkSync(`${folder}-after`, folder)
    const told = next('trouble')
    const chunks = setInterval(() => exchange.chunk('data: more\n\n'), 20)
    await told
    clearInterval(chunks)
    exchange.chunk('data: last\n\n')
    await writer.save()
    expect(existsSync(String(writer.state().file))).toBe(true)
    exchange.end()
    await writer.close()
    expect(notices.find(({ code }) => code === 'trouble')?.message).toContain('was moved')
    const [before] = captureFiles(`${folder}-before`).map(readCapture)
    expect(before).toMatchObject({ tail: 0, damaged: 0 })
    expect(before?.records.at(-1)?.k).toBe('end')
    const after = readFolder(`${folder}-after`)
    expect(legBytes(after, 'x_1', 1).toString()).toContain('data: last\n\n')
    const all = [...(before?.records ?? []), ...after]
    expect(lossesIn(all)).toEqual([])
    const numbers = chunksOf(all, 'x_1', 1).map(({ n }) => n)
    expect(numbers).toEqual(numbers.map((_, i) => i))
  })
})

/** Resolves when the thread has ended its file. */
async function closedFile(writer: ReturnType<typeof aWriter>['writer']): Promise<void> {
  while (writer.state().file !== null) await new Promise((resolve) => setImmediate(resolve))
}
