import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import type { UsageRecord } from '../../../../../src/usage/record/record.ts'
import type { SpoolFile } from '../../../../../src/usage/stores/postgres/spool/spool-file.ts'
import { SpoolFolder } from '../../../../../src/usage/stores/postgres/spool/spool-folder.ts'
import type { Batch, Owner } from '../../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../../support/a-record.ts'
import { tempFolder } from '../../../../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: 1, machine: 'here' }
const batch = (...records: UsageRecord[]): Batch => ({ records, opened: [], ended: [] })
const files = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.jsonl'))

/** Everything that a file still has to send, taken out. */
async function allOf(file: SpoolFile): Promise<{ owner: Owner; batch: Batch }[]> {
  const found = []
  for (let unsent = await file.next(); unsent !== null; unsent = await file.next()) {
    found.push(...unsent.pieces)
    await file.confirmed(unsent)
  }
  return found
}
const idsOf = async (file: SpoolFile) =>
  (await allOf(file)).flatMap((piece) => piece.batch.records.map(({ id }) => id))

it('has a batch in its file before anybody may send it, and has an empty file when it is confirmed', async () => {
  const folder = tempFolder()
  const spool = await new SpoolFolder({ folder, key: 'k' }).create()
  const record = aRecord()
  const opened = aRecord()
  await spool.add(me, { records: [record], opened: [opened], ended: ['x_1'] })
  const path = join(folder, files(folder)[0] ?? '')
  expect(readFileSync(path, 'utf8')).toContain(record.id)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(await allOf(spool)).toEqual([
    { owner: me, batch: { records: [record], opened: [opened], ended: ['x_1'] } },
  ])
  expect(statSync(path).size).toBe(0)
  await spool.close()
  expect(readdirSync(folder)).toEqual([])
})

it('gives back what is more than one reading can take, in its order, and knows how many wait', async () => {
  const spool = await new SpoolFolder({ folder: tempFolder(), key: 'k' }).create()
  // 3 MB, among them a line of more than one.
  const records = Array.from({ length: 1_200 }, (_, index) =>
    aRecord({ app_title: 'é'.repeat(index === 600 ? 700_000 : 5) }),
  )
  for (let at = 0; at < records.length; at += 100) await spool.add(me, batch(...records.slice(at, at + 100)))
  expect(spool.unsentRecords).toBe(1_200)
  expect(await idsOf(spool)).toEqual(records.map(({ id }) => id))
  expect(spool.unsentRecords).toBe(0)
  await spool.close()
})

it('keeps owners apart', async () => {
  const spool = await new SpoolFolder({ folder: tempFolder(), key: 'k' }).create()
  const other = { ...me, id: 'other' }
  const [one, two, three] = [aRecord(), aRecord(), aRecord()]
  await spool.add(me, batch(one))
  await spool.add(other, batch(two))
  await spool.add(me, batch(three))
  const pieces = await allOf(spool)
  expect(pieces.map(({ owner, batch: its }) => [owner.id, its.records[0]?.id])).toEqual([
    ['me', one.id],
    ['other', two.id],
    ['me', three.id],
  ])
  await spool.close()
})

it('gives up nothing of who lives, and takes over what is left of who closed it', async () => {
  const folder = tempFolder()
  const alive = await new SpoolFolder({ folder, key: 'k' }).create()
  const record = aRecord()
  await alive.add(me, batch(record))
  const next = new SpoolFolder({ folder, key: 'k' })
  expect(await next.orphans()).toEqual([])
  await alive.close()
  const [orphan, ...more] = await next.orphans()
  expect(more).toEqual([])
  // Now it is held, by this one.
  expect(await new SpoolFolder({ folder, key: 'k' }).orphans()).toEqual([])
  expect(await next.orphans()).toEqual([])
  expect(orphan && (await idsOf(orphan))).toEqual([record.id])
  await orphan?.close()
  expect(readdirSync(folder)).toEqual([])
})

it('takes over what a process left that was killed, and not before', async () => {
  const folder = tempFolder()
  const child = fork(fileURLToPath(new URL('./spooling-process.ts', import.meta.url)), [folder], {
    execArgv: ['--import', 'tsx'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [ids] = (await once(child, 'message')) as [string[]]
  const spools = new SpoolFolder({ folder, key: 'k' })
  expect(await spools.orphans()).toEqual([])
  child.kill('SIGKILL')
  await once(child, 'exit')
  const [orphan] = await spools.orphans()
  expect(orphan && (await idsOf(orphan))).toEqual(ids)
  await orphan?.close()
})

it('is taken over by one of many that try at once', async () => {
  const folder = tempFolder()
  const gone = await new SpoolFolder({ folder, key: 'k' }).create()
  await gone.add(me, batch(aRecord()))
  await gone.close()
  const many = Array.from({ length: 10 }, () => new SpoolFolder({ folder, key: 'k' }))
  const found = (await Promise.all(many.map((spools) => spools.orphans()))).flat()
  expect(found).toHaveLength(1)
  await found[0]?.close()
})

it('leaves alone what is for another ledger', async () => {
  const folder = tempFolder()
  const gone = await new SpoolFolder({ folder, key: 'k' }).create()
  await gone.add(me, batch(aRecord()))
  await gone.close()
  expect(await new SpoolFolder({ folder, key: 'another' }).orphans()).toEqual([])
  expect(files(folder)).toHaveLength(1)
})

it('loses the last line at most when a crash cut it, and says so; damage in the middle costs that line', async () => {
  const folder = tempFolder()
  const gone = await new SpoolFolder({ folder, key: 'k' }).create()
  const records = [aRecord(), aRecord(), aRecord(), aRecord()]
  await gone.add(me, batch(...records))
  await gone.close()
  const path = join(folder, files(folder)[0] ?? '')
  const lines = readFileSync(path, 'utf8').split('\n')
  lines[2] = `${lines[2]?.slice(0, 40)}\0\0`
  writeFileSync(path, lines.join('\n').slice(0, -30))
  const [orphan] = await new SpoolFolder({ folder, key: 'k' }).orphans()
  expect(orphan && (await idsOf(orphan))).toEqual([records[0]?.id, records[2]?.id])
  expect(orphan?.damagedLines).toBe(2)
  await orphan?.close()
  expect(existsSync(path)).toBe(false)
})

it('does not end on lines that are no entries at all', async () => {
  const folder = tempFolder()
  const gone = await new SpoolFolder({ folder, key: 'k' }).create()
  const record = aRecord()
  await gone.add(me, batch(record))
  await gone.close()
  appendFileSync(join(folder, files(folder)[0] ?? ''), '0\nnull\n"record"\n[]\n{}\n\n{"records":1}\n')
  const [orphan] = await new SpoolFolder({ folder, key: 'k' }).orphans()
  expect(orphan && (await idsOf(orphan))).toEqual([record.id])
  expect(orphan?.damagedLines).toBe(6)
  await orphan?.close()
})

it('counts a damaged line once, however often it is read again before it is confirmed', async () => {
  const folder = tempFolder()
  const gone = await new SpoolFolder({ folder, key: 'k' }).create()
  await gone.add(me, batch(aRecord()))
  await gone.close()
  appendFileSync(join(folder, files(folder)[0] ?? ''), '{"record":\n')
  const [orphan] = await new SpoolFolder({ folder, key: 'k' }).orphans()
  for (let i = 0; i < 3; i++) await orphan?.next()
  expect(orphan && (await allOf(orphan))).toHaveLength(1)
  expect(orphan?.damagedLines).toBe(1)
  await orphan?.close()
})

it('gives lines to their owner also when they are read again, behind those of another', async () => {
  const spool = await new SpoolFolder({ folder: tempFolder(), key: 'k' }).create()
  const other = { ...me, id: 'other' }
  const halves = Array.from({ length: 3 }, () => aRecord({ app_title: 'a'.repeat(500_000) }))
  await spool.add(me, batch(...halves))
  await spool.add(other, batch(aRecord()))
  const first = await spool.next()
  expect(first?.pieces).toMatchObject([{ owner: me, batch: { records: [{}, {}] } }])
  if (first) await spool.confirmed(first)
  const owners = async () => (await spool.next())?.pieces.map(({ owner }) => owner.id)
  expect(await owners()).toEqual(['me', 'other'])
  expect(await owners()).toEqual(['me', 'other'])
  await spool.close()
})

it.each([
  '{"record":null}',
  '{"record":{}}',
  '{"record":{"id":"x_1","timestamp":"2026-1X-10T00:00:00.000Z"}}',
  '{"opened":{"timestamp":"2026-11-10T00:00:00.000Z"}}',
  '{"ended":5}',
  '{"ended":[5]}',
  '{"owner":{"id":"z"}}',
])('leaves out %s, which no database would ever take, and goes on', async (line) => {
  const folder = tempFolder()
  const gone = await new SpoolFolder({ folder, key: 'k' }).create()
  const record = aRecord()
  await gone.add(me, batch(record))
  await gone.close()
  appendFileSync(join(folder, files(folder)[0] ?? ''), `${line}\n`)
  const [orphan] = await new SpoolFolder({ folder, key: 'k' }).orphans()
  expect(orphan && (await allOf(orphan))).toEqual([{ owner: me, batch: batch(record) }])
  expect(orphan?.damagedLines).toBe(1)
  await orphan?.close()
})

it('takes no more than its bound, and takes again when there is room', async () => {
  const spool = await new SpoolFolder({ folder: tempFolder(), key: 'k', mostBytes: 10_000 }).create()
  const kept: string[] = []
  const fill = async () => {
    for (;;) {
      const record = aRecord()
      await spool.add(me, batch(record))
      kept.push(record.id)
    }
  }
  await expect(fill()).rejects.toMatchObject({ code: 'disk_full', message: expect.stringMatching(/limit/) })
  expect(kept.length).toBeGreaterThan(2)
  expect(await idsOf(spool)).toEqual(kept)
  await spool.add(me, batch(aRecord()))
  expect(spool.unsentRecords).toBe(1)
  await spool.close()
})
