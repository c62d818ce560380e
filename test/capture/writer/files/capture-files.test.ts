import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CaptureFiles } from '../../../../src/capture/writer/files/capture-files.ts'
import { Sections } from '../../../../src/capture/writer/files/open-section.ts'
import { SectionClock } from '../../../../src/capture/writer/files/section-clock.ts'
import type { CaptureSettings } from '../../../../src/capture/writer/settings.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { captureFiles, readCapture } from '../read-capture.ts'
import { settingsFor } from '../settings-for.ts'

const { fdatasyncSync } = fs
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

afterEach(() => {
  fs.fdatasyncSync = fdatasyncSync
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
})
