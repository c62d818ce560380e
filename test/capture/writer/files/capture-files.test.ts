import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CaptureFiles } from '../../../../src/capture/writer/files/capture-files.ts'
import { Sections } from '../../../../src/capture/writer/files/open-section.ts'
import { SectionClock } from '../../../../src/capture/writer/files/section-clock.ts'
import type { CaptureSettings } from '../../../../src/capture/writer/settings.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { captureFiles, readCapture } from '../read-capture.ts'
import { settingsFor } from '../settings-for.ts'

const { fdatasyncSync, writeSync } = fs
let synced = 0

/** Files in whose folder nothing else is; counts how often they are synced. */
function someFiles(sync: CaptureSettings['sync']) {
  const folder = tempFolder()
  const clock = new SectionClock(0, Date.now())
  const onNotice = () => {}
  const sections = new Sections({ clock, run: 'a run', version: '1', onNotice }, 0)
  const settings = settingsFor(folder, { sync })
  const files = new CaptureFiles({ settings, clock, sections, retryMs: 1, onNotice, onState: () => {} })
  synced = 0
  fs.fdatasyncSync = (fd) => {
    synced++
    fdatasyncSync(fd)
  }
  syncBuiltinESMExports()
  const exchange = { number: 1, x: 'x_1', opened: { t: 0, ep: 'gemini' }, session: null }
  const write = () => {
    files.take(exchange, { k: 'xo', x: 'x_1', t: 1, ep: 'gemini' })
    files.flush()
  }
  return { folder, files, write }
}

/** Files of more than so many bytes take nothing, with this code; infinite: they do. */
function failBeyond(bytes: number, code: string): void {
  fs.writeSync = ((fd: number, buffer: Buffer, from?: number | null) => {
    const offset = from ?? 0
    const room = bytes - fs.fstatSync(fd).size
    if (room <= 0) throw Object.assign(new Error(`${code}: on purpose, write`), { code })
    return writeSync(fd, buffer, offset, Math.min(room, buffer.length - offset))
  }) as typeof fs.writeSync
  syncBuiltinESMExports()
}

afterEach(() => {
  fs.fdatasyncSync = fdatasyncSync
  fs.writeSync = writeSync
  syncBuiltinESMExports()
  vi.useRealTimers()
})

describe('capture files', () => {
  it('are synced after each write, once a second, or never, as sync says', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const always = someFiles('always')
    for (let i = 0; i < 3; i++) always.write()
    expect(synced).toBe(3)
    const interval = someFiles('interval')
    for (let i = 0; i < 3; i++) interval.write()
    expect(synced).toBe(0)
    vi.advanceTimersByTime(999)
    expect(synced).toBe(0)
    vi.advanceTimersByTime(1)
    expect(synced).toBe(1)
    vi.advanceTimersByTime(5_000)
    expect(synced).toBe(1)
    const none = someFiles('none')
    none.write()
    vi.advanceTimersByTime(5_000)
    expect(synced).toBe(0)
    for (const { files } of [always, interval, none]) files.end()
  })

  it('are left for others in another folder when the settings say so', () => {
    const { folder, files, write } = someFiles('none')
    write()
    const other = tempFolder()
    files.configure(settingsFor(other))
    write()
    files.end()
    for (const place of [folder, other]) {
      const [path = ''] = captureFiles(place)
      expect(readCapture(path).records.map(({ k }) => k)).toEqual(['hdr', 'xo', 'end'])
    }
  })

  it('that may not grow further are left for another, which says what is missing', async () => {
    const { folder, files, write } = someFiles('none')
    failBeyond(2_000, 'EFBIG')
    let written = 0
    while (files.lastError === null && written < 1_000) {
      write()
      written++
    }
    expect(files.lastError).toContain('max_file_mb')
    write()
    await vi.waitFor(() => expect(files.lastError).toBeNull())
    write()
    files.end()
    const [first, second] = captureFiles(folder).map(readCapture)
    const has = first?.records.filter(({ k }) => k === 'xo').length ?? 0
    expect([first?.damaged, second?.records.map(({ k }) => k)]).toEqual([0, ['hdr', 'drop', 'xo', 'end']])
    expect(second?.records[1]).toMatchObject({ why: 'cap', n: written + 1 - has, x: ['x_1'] })
    expect(files.lostRecords).toBe(written + 1 - has)
  })

  it('that end while the disk is full leave it to the next file to say what is missing', () => {
    const { folder, files, write } = someFiles('none')
    write()
    failBeyond(0, 'ENOSPC')
    write()
    write()
    expect(files.lastError).toContain('ENOSPC')
    files.end()
    expect(files.path).toBeNull()
    failBeyond(Number.POSITIVE_INFINITY, '')
    write()
    files.end()
    expect(files.lastError).toBeNull()
    const records = captureFiles(folder).flatMap((path) => readCapture(path).records)
    expect(records.filter(({ k }) => k === 'drop')).toMatchObject([{ why: 'disk_full', n: 2 }])
    expect(files.lostRecords).toBe(2)
  })

  it('in a folder that could not be used report no trouble when another one is', () => {
    const { folder, files, write } = someFiles('none')
    const taken = join(folder, 'a-file')
    fs.writeFileSync(taken, '')
    files.configure(settingsFor(taken))
    write()
    expect(files.lastError).toContain('a-file')
    files.configure(settingsFor(folder))
    write()
    expect([files.lastError, files.path?.startsWith(folder)]).toEqual([null, true])
    files.end()
  })
})
