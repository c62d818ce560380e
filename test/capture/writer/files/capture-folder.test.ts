import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeFrame, label } from '../../../../src/capture/format/frame.ts'
import type { HeaderRecord } from '../../../../src/capture/format/records.ts'
import { makeRoom } from '../../../../src/capture/writer/files/capture-folder.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { aWriter } from '../a-writer.ts'
import { WrittenExchange } from '../an-exchange.ts'
import { captureFiles } from '../read-capture.ts'
import { settingsFor } from '../settings-for.ts'

const nowMs = Date.now()
const kilobytes = 10

/** A capture file of ten kilobytes. */
function aFile(
  folder: string,
  name: string,
  { ended = true, ageMinutes = 60, header = {} as Partial<HeaderRecord>, before = '' } = {},
): string {
  const path = join(folder, name)
  const bytes = Buffer.concat([
    Buffer.from(before),
    label,
    encodeFrame({
      ...{
        k: 'hdr',
        v: 3,
        app: 'llmproxy',
        appv: '1',
        run: 'another run',
        sec: 0,
        wall_ns: 1n,
        pid: 2 ** 22 + 5,
      },
      ...{ node: 'v20', redact: { policy: 'overwrite', version: 1 }, ...header },
    }),
  ])
  writeFileSync(path, bytes)
  const end = ended ? encodeFrame({ k: 'end', t: 1, records: 1, bytes: 1 }) : new Uint8Array(0)
  appendFileSync(path, Buffer.alloc(kilobytes * 1_000 - statSync(path).size - end.length))
  appendFileSync(path, end)
  const modified = nowMs / 1000 - ageMinutes * 60
  utimesSync(path, modified, modified)
  return name
}

function deletedFor(folder: string, maxKilobytes: number, kilobytesNeeded = {}): string[] {
  const deleted: string[] = []
  const needed = { most: 0, least: 0, ...kilobytesNeeded }
  const limits = { maxTotalBytes: maxKilobytes * 1_000, needed, run: 'this run', nowMs }
  makeRoom(folder, limits, (path) => deleted.push(path.slice(folder.length + 1)))
  for (const name of deleted) expect(readdirSync(folder)).not.toContain(name)
  return deleted
}

describe('room for captures', () => {
  it('is made by deleting closed files, the oldest first and no more than needed', () => {
    const folder = tempFolder()
    for (const age of [5, 40, 20, 30, 10]) aFile(folder, `${age}.cbor`, { ageMinutes: age })
    expect(deletedFor(folder, 50)).toEqual([])
    expect(deletedFor(folder, 30)).toEqual(['40.cbor', '30.cbor'])
    expect(deletedFor(folder, 25)).toEqual(['20.cbor'])
  })

  it('is not made of what is no V3 file of ours', () => {
    const folder = tempFolder()
    aFile(folder, 'of-another-program.cbor', { header: { app: 'other' } })
    aFile(folder, 'begins-with-something.cbor', { before: 'x' })
    aFile(folder, 'of-another-name.bin')
    writeFileSync(join(folder, 'v2.cbor'), Buffer.alloc(50_000, 0xa5))
    mkdirSync(join(folder, 'folder.cbor'))
    const elsewhere = tempFolder()
    symlinkSync(join(elsewhere, aFile(elsewhere, 'linked.cbor')), join(folder, 'link.cbor'))
    aFile(folder, 'own.cbor')
    expect(deletedFor(folder, 0)).toEqual(['own.cbor'])
    expect(readdirSync(elsewhere)).toHaveLength(1)
  })

  it('is not made for what could never fit: nothing is deleted', () => {
    const folder = tempFolder()
    for (const age of [5, 40]) aFile(folder, `${age}.cbor`, { ageMinutes: age })
    expect(() => deletedFor(folder, 30, { most: 31_000, least: 31_000 })).toThrow(/0\.03 MB/)
    expect(captureFiles(folder)).toHaveLength(2)
    expect(deletedFor(folder, 30, { most: 31_000 })).toEqual(['40.cbor', '5.cbor'])
  })

  it('is not there when what must be written does not fit beside what is still written', () => {
    const folder = tempFolder()
    aFile(folder, 'of-this-run.cbor', { ended: false, header: { pid: process.pid, run: 'this run' } })
    expect(() => deletedFor(folder, 15, { most: 6_000, least: 6_000 })).toThrow(
      expect.objectContaining({ why: 'cap' }),
    )
    expect(deletedFor(folder, 15, { most: 6_000 })).toEqual([])
  })

  it('is made of a file that was abandoned while the clock went before its time', () => {
    const folder = tempFolder()
    aFile(folder, 'from-tomorrow.cbor', { ended: false, ageMinutes: -60 * 24 })
    expect(deletedFor(folder, 5)).toEqual(['from-tomorrow.cbor'])
  })

  it('is not made of a file that a living process writes', async () => {
    const folder = tempFolder()
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
    await once(other, 'spawn')
    const living = { pid: other.pid ?? 0 }
    aFile(folder, 'of-a-living-process.cbor', { ended: false, header: living })
    aFile(folder, 'of-a-dead-process.cbor', { ended: false })
    aFile(folder, 'of-one-that-died-just-now.cbor', { ended: false, ageMinutes: 1 })
    aFile(folder, 'of-this-run.cbor', { ended: false, header: { pid: process.pid, run: 'this run' } })
    aFile(folder, 'of-our-number-before.cbor', { ended: false, header: { pid: process.pid } })
    aFile(folder, 'ended-by-a-living-process.cbor', { header: living })
    expect(() => deletedFor(folder, 5)).toThrow(expect.objectContaining({ why: 'cap' }))
    expect(readdirSync(folder).sort()).toEqual([
      'of-a-living-process.cbor',
      'of-one-that-died-just-now.cbor',
      'of-this-run.cbor',
    ])
    other.kill()
    await once(other, 'exit')
    expect(deletedFor(folder, 20)).toEqual(['of-a-living-process.cbor'])
  })

  it('is enough for two files, however large one may be', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder, { maxFileBytes: 1e9, maxTotalBytes: 60_000 }))
    for (let i = 0; i < 40; i++) {
      const chunks = Array.from({ length: 15 }, (_, n) => `data: ${i} ${n} ${'z'.repeat(150)}\n\n`)
      WrittenExchange.whole(writer, `x_${i}`, { chunks })
      await writer.save()
    }
    await writer.close()
    const sizes = captureFiles(folder).map((path) => statSync(path).size)
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(62_000)
  })

  it('is made by the writer whenever it begins a file, and every file that goes is told', async () => {
    const folder = tempFolder()
    aFile(folder, 'old.cbor')
    const { writer, notices } = aWriter(settingsFor(folder, { maxFileBytes: 20_000, maxTotalBytes: 60_000 }))
    for (let i = 0; i < 30; i++) {
      const chunks = Array.from({ length: 30 }, (_, n) => `data: ${i} ${n} ${'z'.repeat(150)}\n\n`)
      WrittenExchange.whole(writer, `x_${i}`, { chunks })
    }
    await writer.close()
    const files = captureFiles(folder)
    const total = files.reduce((sum, path) => sum + statSync(path).size, 0)
    expect(total).toBeLessThanOrEqual(62_000)
    const deleted = notices.filter(({ code }) => code === 'file_deleted').map(({ file }) => file ?? '')
    expect(deleted[0]).toBe(join(folder, 'old.cbor'))
    expect(deleted.length).toBeGreaterThan(5)
    expect(deleted.slice(1)).toEqual(deleted.slice(1).toSorted())
    expect(files.some((path) => deleted.includes(path))).toBe(false)
  })
})
