import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../support/fake-clock.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aWriter } from './a-writer.ts'
import { WrittenExchange } from './an-exchange.ts'
import { captureFiles, chunksOf, legBytes, readCapture, readFolder } from './read-capture.ts'
import { settingsFor } from './settings-for.ts'

describe('the capture writer', () => {
  it('writes an exchange as it passed: heads, chunks with their boundaries and times, ends', async () => {
    const folder = join(tempFolder(), 'captures')
    const { writer } = aWriter(settingsFor(folder))
    const chunks = ['data: {"a":1}\n\n', 'data: é', '\n\n', 'data: [DONE]\n\n']
    const headers = [
      ['Content-Type', 'application/json'],
      ['X-Two', 'one'],
      ['x-two', 'other'],
    ] as const
    WrittenExchange.whole(writer, 'x_1', { request: '{"model":"m","stream":true}', chunks, headers })
    await writer.close()

    const [path = ''] = captureFiles(folder)
    const { records, tail, damaged } = readCapture(path)
    expect([tail, damaged]).toEqual([0, 0])
    expect(records.map(({ k, l }) => (l === undefined ? k : `${k}${l}`)).join(' ')).toBe(
      'hdr xo h0 b0 e0 h2 b2 e2 h3 h1 b3 b1 b3 b1 b3 b1 b3 b1 e3 e1 u end',
    )
    expect(records[0]).toMatchObject({ v: 3, app: 'llmproxy', appv: '9.9.9', sec: 0, pid: process.pid })
    expect(records[2]).toMatchObject({ m: 'POST', u: '/v1/chat/completions', hd: headers })
    expect(records[5]).toMatchObject({ a: 1, be: 'openai', bt: 'openai', mod: 'm', pr: 'openai-chat' })
    for (const [l, a] of [
      [3, 1],
      [1, undefined],
    ] as const) {
      const read = chunksOf(records, 'x_1', l, a)
      expect(read.map(({ bytes }) => bytes.toString())).toEqual(chunks)
      expect(read.map(({ n }) => n)).toEqual([0, 1, 2, 3])
      expect(read.map(({ t }) => t)).toEqual(read.map(({ t }) => t).toSorted((one, other) => one - other))
      const whole = Buffer.byteLength(chunks.join(''))
      expect(records.find((record) => record.k === 'e' && record.l === l)).toMatchObject({
        bytes: whole,
        n: 4,
      })
    }
    const wallMs = Number(records[0]?.wall_ns) / 1e6 + (records[1]?.t ?? 0) / 1e6
    expect(Math.abs(wallMs - Date.now())).toBeLessThan(10_000)
    expect(records.at(-1)).toMatchObject({ records: records.length, bytes: expect.any(Number) })
  })

  it('stores what client and backend said alike once', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    const request = JSON.stringify({
      model: 'm',
      messages: [{ role: 'user', content: 'word '.repeat(2_000) }],
    })
    WrittenExchange.whole(writer, 'x_1', { request })
    await writer.close()
    const records = readFolder(folder)
    expect(records.filter(({ k }) => k === 'bl')).toHaveLength(1)
    expect(legBytes(records, 'x_1', 0).toString()).toBe(request)
    expect(legBytes(records, 'x_1', 2, 1).toString()).toBe(request)
    expect(statSync(captureFiles(folder)[0] ?? '').size).toBeLessThan(3_000)
  })

  it('names files by their start, for this user only, and opens none before there is something to write', async () => {
    const folder = join(tempFolder(), 'one', 'two')
    const { writer } = aWriter(settingsFor(folder))
    await writer.save().catch(() => {})
    expect(captureFiles(folder)).toEqual([])
    WrittenExchange.whole(writer, 'x_1')
    const { file } = await writer.save()
    expect(file).toMatch(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[0-9a-f]{8}-000\.cbor$/)
    expect(writer.state()).toMatchObject({ mode: 'all', file, dropped_records: 0, last_error: null })
    expect(writer.state().bytes).toBe(statSync(file).size)
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
  })

  it('never shares a file, with another process or an earlier run, and never writes over one', async () => {
    const folder = tempFolder()
    const writers = [aWriter(settingsFor(folder)).writer, aWriter(settingsFor(folder)).writer]
    writers.forEach((writer, i) => void WrittenExchange.whole(writer, `x_${i}`))
    await Promise.all(writers.map((writer) => writer.close()))
    const before = captureFiles(folder).map((path) => readFileSync(path))
    expect(before).toHaveLength(2)

    const { writer } = aWriter(settingsFor(folder))
    WrittenExchange.whole(writer, 'x_2')
    await writer.close()
    const after = captureFiles(folder).map((path) => readFileSync(path))
    expect(after).toHaveLength(3)
    for (const bytes of before) expect(after.some((other) => other.equals(bytes))).toBe(true)
    expect(new Set(readFolder(folder).flatMap(({ k, run }) => (k === 'hdr' ? [run] : []))).size).toBe(3)
  })

  it('begins another file when one is full, each with its own blobs', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder, { maxFileBytes: 20_000 }))
    const request = JSON.stringify({ messages: [{ content: 'the same words '.repeat(700) }] })
    const chunks = Array.from({ length: 40 }, (_, i) => `data: ${i} ${'x'.repeat(200)}\n\n`)
    for (let i = 0; i < 6; i++) WrittenExchange.whole(writer, `x_${i}`, { request, chunks })
    await writer.close()
    const files = captureFiles(folder).map(readCapture)
    expect(files.length).toBeGreaterThan(3)
    files.forEach(({ records }, section) => {
      expect(records[0]).toMatchObject({ k: 'hdr', sec: section })
      expect(records.at(-1)?.k).toBe('end')
      // An exchange that goes on in another file is opened there, as one that began before.
      const opened = new Set<string>()
      for (const { k, x } of records.filter((record) => typeof record.x === 'string')) {
        if (k === 'xo') opened.add(x)
        expect(opened.has(x), `${k} of ${x} in file ${section}`).toBe(true)
      }
    })
    const all = files.flatMap(({ records }) => records)
    for (let i = 0; i < 6; i++) {
      expect(legBytes(all, `x_${i}`, 0).toString()).toBe(request)
      expect(legBytes(all, `x_${i}`, 1).toString()).toBe(chunks.join(''))
    }
    expect(all.filter(({ k, late }) => k === 'xo' && late !== true)).toHaveLength(6)
  })

  it('can be switched while exchanges are open: they are joined where they are', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder, { mode: 'off' }))
    const exchange = new WrittenExchange(writer, 'x_1')
    exchange.ask()
    exchange.answer()
    exchange.chunk('data: not captured\n\n')
    void writer.configure(settingsFor(folder, { mode: 'all' }))
    exchange.chunk('data: captured\n\n')
    await writer.save()
    void writer.configure(settingsFor(folder, { mode: 'off' }))
    exchange.chunk('data: not captured either\n\n')
    expect(writer.state()).toMatchObject({ mode: 'off', dropped_records: 0 })
    void writer.configure(settingsFor(folder, { mode: 'all' }))
    exchange.chunk('data: again\n\n')
    exchange.end()
    await writer.close()

    const files = captureFiles(folder).map((path) => readCapture(path).records)
    expect(files.map((records) => records.at(-1)?.k)).toEqual(['end', 'end'])
    for (const records of files) expect(records[1]).toMatchObject({ k: 'xo', x: 'x_1', late: true })
    const chunks = chunksOf(files.flat(), 'x_1', 1)
    expect(chunks.map(({ n }) => n)).toEqual([1, 3])
    // The first word of what follows bytes that nobody saw could be the end of a secret.
    expect(chunks.map(({ bytes }) => bytes.toString())).toEqual([' captured\n\n', ' again\n\n'])
    expect(chunks.map(({ omitted }) => omitted)).toEqual([5, 5])
    expect(files[1]?.find(({ k, l }) => k === 'e' && l === 1)).toMatchObject({ n: 4 })
  })

  it('tells the wall clock once a minute, also when nothing passes, and when it is set', async () => {
    const folder = tempFolder()
    const clock = new FakeClock()
    const { writer } = aWriter(settingsFor(folder), { clock })
    WrittenExchange.whole(writer, 'x_1')
    await writer.save()
    clock.advance(60_000)
    clock.advance(60_000)
    await writer.save()
    const [header, ...records] = readFolder(folder)
    const told = records.filter(({ k }) => k === 'clk')
    expect(told.map(({ t }) => t)).toEqual([60e9, 120e9])
    for (const { t, wall_ns } of told) expect(wall_ns - header?.wall_ns).toBe(BigInt(t))
  })

  it('joins streams of which it heard nothing before: text is kept, what may be encoded is left out', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder, { mode: 'off' }))
    const [text, encoded] = ['x_text', 'x_encoded'].map((x) => new WrittenExchange(writer, x))
    // While nothing is captured, only that exchanges begin and end is told.
    for (const x of ['x_text', 'x_encoded']) writer.write({ k: 'xo', x, t: 1, ep: 'openai-chat' })
    void writer.configure(settingsFor(folder))
    text?.chunk('rest of a word: Grüße, '.slice(0))
    text?.chunk(Buffer.from('Grüße\n\n').subarray(0, 3))
    text?.chunk(Buffer.from('Grüße\n\n').subarray(3))
    encoded?.chunk(gzipSync('a secret that nobody can look for').subarray(12))
    text?.end()
    encoded?.end()
    await writer.close()
    const records = readFolder(folder)
    expect(chunksOf(records, 'x_text', 1).map(({ bytes, omitted }) => [bytes.toString(), omitted])).toEqual([
      [' of a word: Grüße, ', 4],
      ['Gr\u{fffd}', 0],
      ['\u{fffd}ße\n\n', 0],
    ])
    const [body] = records.filter(({ k, x, l }) => k === 'b' && x === 'x_encoded' && l === 1)
    expect(body).toMatchObject({ d: [], enc: '?', omitted: expect.any(Number) })
  })

  it('takes anything without failing, also of exchanges that it does not know', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder))
    writer.write({ k: 'b', x: 'x_unknown', l: 1, t: 1, bytes: Buffer.from('?') })
    const exchange = new WrittenExchange(writer, 'x_1', { headers: [['a', '\ud800 lone']] })
    exchange.ask()
    exchange.answer()
    exchange.chunk('')
    exchange.chunk(Buffer.alloc(300_000, 7))
    exchange.end({ cost: 1n } as never)
    await writer.close()
    const records = readFolder(folder)
    expect(records.some(({ x }) => x === 'x_unknown')).toBe(false)
    expect(legBytes(records, 'x_1', 3, 1)).toHaveLength(300_000)
    expect(writer.state().dropped_records).toBe(1)
  })

  it('says at once when nothing can be written, and begins when it can', async () => {
    const folder = join(tempFolder(), 'captures')
    writeFileSync(folder, 'a file where the folder should be')
    const { writer, notices, next } = aWriter(settingsFor(folder), { retryMs: 20 })
    const recovered = next('recovered')
    WrittenExchange.whole(writer, 'x_1')
    await expect(writer.save()).rejects.toMatchObject({ code: 'unwritable' })
    expect(writer.state().last_error).toContain(folder)
    rmSync(folder)
    await recovered
    WrittenExchange.whole(writer, 'x_2')
    await writer.close()
    expect(notices.filter(({ code }) => code === 'trouble')).toHaveLength(1)
    const records = readFolder(folder)
    expect(records[1]).toMatchObject({ k: 'drop', why: 'disk_error', x: ['x_1'] })
    expect(records[1]?.n).toBe(writer.state().dropped_records)
    expect(legBytes(records, 'x_2', 0).toString()).toBe('{"model":"m"}')
  })
})
