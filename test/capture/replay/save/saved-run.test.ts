import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRecording } from '../../../../src/capture/replay/recording.ts'
import { saveRun } from '../../../../src/capture/replay/save/saved-run.ts'
import type { CaptureEntry } from '../../../../src/capture/writer/entries.ts'
import { systemClock } from '../../../../src/core/clock.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const secret = 'of-no-known-form-0123456789'
/** Times of a clock of its own. */
const startNs = 1_700_000_000_000_000
const entries: CaptureEntry[] = [
  { k: 'xo', x: 'x_1', t: startNs, ep: 'openai-chat' },
  {
    k: 'h',
    x: 'x_1',
    l: 0,
    t: startNs + 1000,
    m: 'POST',
    u: '/v1/chat/completions',
    hd: [['x-note', secret]],
  },
  { k: 'b', x: 'x_1', l: 0, t: startNs + 2000, bytes: Buffer.from(`{"note":"${secret}"}`) },
  { k: 'e', x: 'x_1', l: 0, t: startNs + 5e9, why: 'eof' },
  { k: 'u', x: 'x_1', t: startNs + 6e9, purpose: 'chat', stream: false, outcome: 'complete', attempts: [] },
]
const parts = (file: string) => ({ file, clock: systemClock, version: '9.9.9', secrets: [secret, ''] })

it('is in its place when it is whole, with its times from now on and without secrets', async () => {
  const folder = tempFolder()
  const file = join(folder, 'deep', 'new.cbor')
  const beforeMs = Date.now()
  const run = await saveRun(parts(file))
  for (const entry of entries) run.write(entry)
  expect(readdirSync(join(folder, 'deep')).filter((name) => name.endsWith('.cbor'))).toEqual([])
  expect(await run.close()).toBe(true)
  expect(readdirSync(join(folder, 'deep'))).toEqual(['new.cbor'])
  const [view] = await readRecording(file)
  expect(view).toMatchObject({ id: 'x_1', closed: { outcome: 'complete' } })
  expect((view?.openedAtNs ?? 0) / 1e6).toBeGreaterThanOrEqual(beforeMs - 1000)
  expect((view?.openedAtNs ?? 0) / 1e6).toBeLessThanOrEqual(Date.now() + 1000)
  expect(((view?.ctp?.end?.atNs ?? 0) - (view?.openedAtNs ?? 0)) / 1e9).toBeCloseTo(5, 3)
  expect(readFileSync(file).toString('latin1')).not.toContain(secret)
})

it('overwrites nothing, also what came there meanwhile', async () => {
  const file = join(tempFolder(), 'new.cbor')
  const run = await saveRun(parts(file))
  for (const entry of entries) run.write(entry)
  writeFileSync(file, 'mine')
  await expect(run.close()).rejects.toMatchObject({ code: 'exists' })
  await expect(saveRun(parts(file))).rejects.toMatchObject({ code: 'exists' })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expect(readdirSync(join(file, '..'))).toEqual(['new.cbor'])
})

it('without anything in it is no file; where none can be, says so', async () => {
  const folder = tempFolder()
  const run = await saveRun(parts(join(folder, 'new.cbor')))
  expect(await run.close()).toBe(false)
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, 'file'), '')
  await expect(saveRun(parts(join(folder, 'file', 'new.cbor')))).rejects.toMatchObject({ code: 'unwritable' })
})

it('removes what a killed run for the same file left, and nothing of one that goes on', async () => {
  const folder = tempFolder()
  const { pid } = spawnSync(process.execPath, ['--version'])
  const [left, going, other] = [
    `.new.cbor-${pid}-AbCdEf`,
    `.new.cbor-${process.ppid}-AbCdEf`,
    '.new.cbor-mine',
  ]
  for (const name of [left, going, other]) mkdirSync(join(folder, name))
  const run = await saveRun(parts(join(folder, 'new.cbor')))
  expect(await run.close()).toBe(false)
  expect(readdirSync(folder).sort()).toEqual([going, other].sort())
})
