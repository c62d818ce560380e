import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { Delivery } from '../../../../src/usage/stores/postgres/delivery.ts'
import { SpoolFolder } from '../../../../src/usage/stores/postgres/spool/spool-folder.ts'
import { type Batch, type Owner, StoreError } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const me: Owner = { id: 'me', pid: 1, machine: 'here' }
const away = new StoreError('unreachable', 'the database is away')
const batch = (...records: UsageRecord[]): Batch => ({ records, opened: [], ended: [] })

/** A database that is there, away, or does not answer, as the test says. */
function setUp({ folder = join(tempFolder(), 'spool'), mostBytes = 1_000_000 } = {}) {
  const stored = new Map<string, UsageRecord>()
  const sent: { ids: string[]; isGone: boolean; spooled: string }[] = []
  const notices: string[] = []
  let answers: () => Promise<void> = () => Promise.resolve()
  const inSpool = () =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
      .map(({ name }) => readFileSync(join(folder, name), 'utf8'))
      .join('')
  const delivery = new Delivery({
    spools: new SpoolFolder({ folder, key: 'k', mostBytes }),
    async send({ batch: { records } }, isGone) {
      const spooled = records.length > 0 ? inSpool() : ''
      await answers()
      sent.push({ ids: records.map(({ id }) => id), isGone, spooled })
      const fresh = records.filter(({ id }) => !stored.has(id))
      const conflicts = records.filter(
        ({ id, timestamp }) => (stored.get(id)?.timestamp ?? timestamp) !== timestamp,
      )
      for (const record of fresh) stored.set(record.id, record)
      const known = records.length - fresh.length - conflicts.length
      return { stored: fresh.length, known, conflicts: conflicts.map(({ id }) => id) }
    },
    onNotice: (notice) => notices.push(notice),
  })
  onTestFinished(() => delivery.close())
  return {
    ...{ delivery, stored, sent, notices, folder, inSpool },
    goAway: () => {
      answers = () => Promise.reject(away)
    },
    comeBack: () => {
      answers = () => Promise.resolve()
    },
    /** Until the function that it returns is called. */
    hang() {
      let answer = () => {}
      const answered = new Promise<void>((resolve) => {
        answer = resolve
      })
      answers = () => answered
      return answer
    },
  }
}

it('has a batch in the spool while it is sent, and no more when it is confirmed', async () => {
  const { delivery, sent, inSpool } = setUp()
  const record = aRecord()
  expect(await delivery.append(me, batch(record))).toEqual({ stored: 1, known: 0, conflicts: [] })
  expect(sent[0]?.spooled).toContain(record.id)
  expect(inSpool()).toBe('')
})

it('tells each of several that append at once what became of its own', async () => {
  const { delivery } = setUp()
  const record = aRecord()
  const other = { ...record, timestamp: '2026-11-12T00:00:00.000Z' }
  expect(
    await Promise.all([
      delivery.append(me, batch(record, aRecord())),
      delivery.append(me, batch(record)),
      delivery.append(me, batch(other, aRecord())),
    ]),
  ).toEqual([
    { stored: 2, known: 0, conflicts: [] },
    { stored: 0, known: 1, conflicts: [] },
    { stored: 1, known: 0, conflicts: [record.id] },
  ])
})

it('takes batches while the database is away, says so each time, and sends them in their order when it is back', async () => {
  const { delivery, goAway, comeBack, sent, stored } = setUp()
  goAway()
  const records = Array.from({ length: 10 }, () => aRecord())
  for (const [index, record] of records.entries()) {
    expect(await delivery.append(me, batch(record))).toEqual({
      ...{ stored: 0, known: 0, conflicts: [] },
      unsent: { records: index + 1, code: 'unreachable', message: away.message },
    })
  }
  expect(stored.size).toBe(0)
  comeBack()
  await vi.waitFor(() => expect(stored.size).toBe(10), 5_000)
  expect(sent.flatMap(({ ids }) => ids)).toEqual(records.map(({ id }) => id))
  // An empty batch is how a ledger asks.
  expect(await delivery.append(me, batch())).toEqual({ stored: 0, known: 0, conflicts: [] })
})

it('says of an empty batch that others wait, and rejects it where none does', async () => {
  const { delivery, goAway } = setUp()
  goAway()
  await expect(delivery.append(me, batch())).rejects.toBe(away)
  await delivery.append(me, batch(aRecord()))
  expect(await delivery.append(me, batch())).toMatchObject({ unsent: { records: 1, code: 'unreachable' } })
})

it('does not wait for a database that hangs: later batches are safe on the disk meanwhile', async () => {
  const { delivery, hang, stored, inSpool } = setUp()
  const answer = hang()
  const [first, second] = [aRecord(), aRecord()]
  expect(await delivery.append(me, batch(first))).toMatchObject({ unsent: { records: 1, code: 'busy' } })
  expect(await delivery.append(me, batch(second))).toMatchObject({ unsent: { records: 2 } })
  expect(inSpool()).toContain(second.id)
  answer()
  await vi.waitFor(() => expect(stored.size).toBe(2), 5_000)
})

it('tells with the next answer of ids that belonged to another exchange', async () => {
  const { delivery, goAway, comeBack, stored } = setUp()
  const record = aRecord()
  await delivery.append(me, batch(record))
  goAway()
  await delivery.append(me, batch({ ...record, timestamp: '2026-11-12T00:00:00.000Z' }, aRecord()))
  comeBack()
  await vi.waitFor(() => expect(stored.size).toBe(2), 5_000)
  expect((await delivery.append(me, batch(aRecord()))).conflicts).toEqual([record.id])
  expect((await delivery.append(me, batch(aRecord()))).conflicts).toEqual([])
})

it('sends what was taken over from who is gone, before anything of its own', async () => {
  const before = setUp()
  before.goAway()
  const left = [aRecord(), aRecord()]
  await before.delivery.append({ ...me, id: 'dead' }, batch(...left))
  await before.delivery.close()
  const { delivery, sent, notices, goAway, comeBack, folder } = setUp({ folder: before.folder })
  goAway()
  expect(await delivery.adopt()).toBe(false)
  const own = aRecord()
  expect(await delivery.append(me, batch(own))).toMatchObject({ unsent: { code: 'unreachable' } })
  comeBack()
  expect(await delivery.adopt()).toBe(true)
  await vi.waitFor(() => expect(sent).toHaveLength(2), 5_000)
  expect(sent.map(({ ids, isGone }) => [ids, isGone])).toEqual([
    [left.map(({ id }) => id), true],
    [[own.id], false],
  ])
  expect(notices).toEqual([expect.stringMatching(/^what 1 ended proxies could not send is taken over/)])
  await delivery.close()
  expect(readdirSync(folder)).toEqual([])
})

it('sends what it can take over, whatever else lies there that it cannot open, and says once what it cannot', async () => {
  const before = setUp()
  before.goAway()
  const record = aRecord()
  await before.delivery.append({ ...me, id: 'dead' }, batch(record))
  await before.delivery.close()
  const { delivery, stored, notices, folder } = setUp({ folder: before.folder })
  // One before and one behind it, in whatever order they are looked at.
  for (const name of ['k-0.jsonl', 'k-z.jsonl']) mkdirSync(join(folder, name))
  expect(await delivery.adopt()).toBe(true)
  expect([...stored.keys()]).toEqual([record.id])
  await delivery.adopt()
  expect(notices.filter((notice) => notice.includes('k-0.jsonl'))).toHaveLength(1)
  expect(notices.filter((notice) => notice.includes('k-z.jsonl'))).toHaveLength(1)
})

it('sends a batch also where the spool takes nothing, and says so once', async () => {
  const folder = join(tempFolder(), 'file')
  writeFileSync(folder, 'no folder')
  const { delivery, notices } = setUpWithout(folder)
  expect(await delivery.append(me, batch(aRecord()))).toEqual({ stored: 1, known: 0, conflicts: [] })
  expect(await delivery.append(me, batch(aRecord()))).toEqual({ stored: 1, known: 0, conflicts: [] })
  expect(notices).toEqual([expect.stringMatching(/without a copy in the spool/)])
})

it('rejects what neither the spool nor the database takes, so that the ledger keeps it', async () => {
  const { delivery, goAway, stored, comeBack } = setUp({ mostBytes: 4_000 })
  goAway()
  const kept: UsageRecord[] = []
  let refused: UsageRecord | undefined
  while (refused === undefined) {
    const record = aRecord()
    await delivery.append(me, batch(record)).then(
      () => kept.push(record),
      () => {
        refused = record
      },
    )
  }
  expect(kept.length).toBeGreaterThan(0)
  comeBack()
  await vi.waitFor(() => expect([...stored.keys()]).toEqual(kept.map(({ id }) => id)), 5_000)
  await delivery.append(me, batch(refused))
  expect(stored.has(refused.id)).toBe(true)
})

it('leaves what it could not send to the next start, and says how many', async () => {
  const { delivery, goAway, notices, folder, inSpool } = setUp()
  goAway()
  const record = aRecord()
  await delivery.append(me, batch(record))
  expect(await delivery.last()).toBe(false)
  expect(notices).toEqual([expect.stringMatching(/^1 usage records are not in the database yet.*next start/)])
  await delivery.close()
  expect(inSpool()).toContain(record.id)
  expect(folder).toContain('spool')
})

function setUpWithout(folder: string) {
  const notices: string[] = []
  const delivery = new Delivery({
    spools: new SpoolFolder({ folder, key: 'k' }),
    send: ({ batch: { records } }) => Promise.resolve({ stored: records.length, known: 0, conflicts: [] }),
    onNotice: (notice) => notices.push(notice),
  })
  return { delivery, notices }
}
