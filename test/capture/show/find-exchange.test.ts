import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findExchange } from '../../../src/capture/show/find-exchange.ts'
import { aCapture, edited } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const noonMs = Date.UTC(2026, 0, 5, 12)
const named = (id: string, openedMs = noonMs) =>
  edited(aCapture(), (x) => {
    x.id = id
    x.openedMs = openedMs
  })

describe('an exchange in a folder of captures', () => {
  it('is found in whichever has it, with its legs', async () => {
    const folder = tempFolder()
    for (const [at, id] of ['x_a', 'x_b', 'x_c'].entries()) captureFile(folder, `${at}.cbor`, named(id))
    const { exchange, leftOut } = await findExchange('x_b', folder, { openedMs: noonMs })
    expect(exchange).toMatchObject({ id: 'x_b', file: join(folder, '1.cbor') })
    expect(exchange?.attempts[0]?.ptb?.body().length).toBeGreaterThan(0)
    expect(leftOut).toBe(0)
  })

  it('is found while it has not ended', async () => {
    const folder = tempFolder()
    captureFile(folder, 'a.cbor', { ...edited(named('x_open'), (x) => x.unclosed()), closedInOrder: false })
    const { exchange } = await findExchange('x_open', folder, { openedMs: noonMs })
    expect(exchange?.closed).toBeNull()
  })

  it('is not looked for in files that were written to last before it opened', async () => {
    const folder = tempFolder()
    const old = captureFile(folder, 'old.cbor', named('x_old'))
    utimesSync(old, noonMs / 1000 - 60, noonMs / 1000 - 60)
    expect(await findExchange('x_old', folder, { openedMs: noonMs })).toMatchObject({
      exchange: null,
      files: 0,
    })
  })

  it('is looked for first where files are named by its time', async () => {
    const folder = tempFolder()
    captureFile(folder, '2026-01-05T11-00-00.000Z-1a2b3c4d-000.cbor', named('x_early', noonMs - 3_600_000))
    captureFile(folder, '2026-01-05T13-00-00.000Z-1a2b3c4d-001.cbor', named('x_late', noonMs + 3_600_000))
    const found = await findExchange('x_early', folder, { openedMs: noonMs - 3_600_000 })
    expect(found).toMatchObject({ files: 1, exchange: { id: 'x_early' } })
  })

  it('is given up after so many bytes, and it is said how many files were not looked at', async () => {
    const folder = tempFolder()
    for (let at = 0; at < 4; at++) captureFile(folder, `${at}.cbor`, named(`x_${at}`, noonMs + at * 1000))
    const found = await findExchange('x_0', folder, { openedMs: noonMs, maxBytes: 1 })
    expect(found).toMatchObject({ exchange: null, files: 1, leftOut: 3 })
  })

  it('is found where its id stands across two reads', async () => {
    const folder = tempFolder()
    const path = captureFile(folder, 'a.cbor', named('x_seam'))
    const bytes = readFileSync(path)
    const at = bytes.indexOf('x_seam')
    // What stands before a capture is passed over as damage.
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.alloc(1024 * 1024 - at - 3),
        bytes.subarray(0, bytes.lastIndexOf('x_seam') + 400),
      ]),
    )
    expect((await findExchange('x_seam', path, { openedMs: noonMs })).exchange?.id).toBe('x_seam')
  })

  it('is in no folder that is not there, and a file that is not there is an error', async () => {
    await expect(findExchange('x_a', '/nowhere/captures', { openedMs: noonMs })).rejects.toThrow(
      'there is no file',
    )
    const empty = await findExchange('x_a', tempFolder(), { openedMs: noonMs })
    expect(empty).toEqual({ exchange: null, files: 0, bytes: 0, leftOut: 0 })
  })

  it('is not another one whose text names it', async () => {
    const folder = tempFolder()
    const talks = edited(named('x_other'), (x) =>
      x.bothRequests((leg) => leg.replaceText('Hi', 'What was x_asked?')),
    )
    captureFile(folder, 'a.cbor', talks)
    expect((await findExchange('x_asked', folder, { openedMs: noonMs })).exchange).toBeNull()
  })
})
