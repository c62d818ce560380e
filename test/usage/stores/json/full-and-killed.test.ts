import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { JsonEngine } from '../../../../src/usage/stores/json/json-engine.ts'
import { type Cursor, StoreError } from '../../../../src/usage/stores/store.ts'
import { aRecord } from '../../../support/a-record.ts'
import { smallFileSystem, whyNoMount } from '../../../support/small-file-system.ts'

const begin = Date.parse('2026-10-28T00:00:00Z')
const me = { id: 'me', pid: process.pid, machine: 'here' }
const why = whyNoMount()
if (why !== null)
  console.warn(`NOT RUN: the JSON ledger on a full file system; none can be mounted here: ${why}`)

async function started(file: string): Promise<JsonEngine> {
  const notices: string[] = []
  const engine = new JsonEngine({
    ...{ file, mostRecords: 20, readOnly: false },
    onNotice: (notice) => notices.push(notice),
  })
  await engine.load()
  expect(notices).toEqual([])
  return engine
}

async function idsIn(engine: JsonEngine): Promise<string[]> {
  const ids: string[] = []
  let after: Cursor | null = null
  do {
    const page = await engine.page({ filter: everything, order: 'oldest', after, limit: 200 })
    ids.push(...page.lines.map((line) => (JSON.parse(line) as UsageRecord).id))
    after = page.next
  } while (after !== null)
  return ids
}

function inOrder(records: readonly UsageRecord[]): string[] {
  const place = ({ timestamp, id }: UsageRecord) => timestamp + id
  return [...records].sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(({ id }) => id)
}

/** Whether it was done; false: there was no room. */
async function fitted(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    const code = error instanceof StoreError ? error.code : (error as NodeJS.ErrnoException).code
    expect(code).toBe('ENOSPC')
    return false
  }
}

/** What a process that is killed in the middle of a write leaves. */
function cutLine(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => /journal$|jsonl$/.test(one))) {
    appendFileSync(join(folder, name), '{"record":{"id":"x_half')
  }
}

it.skipIf(why !== null)(
  'the JSON ledger keeps what it took, each once, however often its disk fills and its process is killed',
  async () => {
    const disk = smallFileSystem(1)
    onTestFinished(disk.remove)
    const file = join(disk.folder, 'usage.json')
    const kept: UsageRecord[] = []
    const counts = { refused: 0, unwritten: 0, killed: 0 }
    let engine = await started(file)
    for (let round = 0; round < 150; round++) {
      if (round % 3 !== 0) disk.fill(Math.floor(Math.random() * 10) * 4096)
      else disk.empty()
      // Some were open for long: their place is among those that were archived before.
      const records = Array.from({ length: 1 + (round % 4) }, (_, index) =>
        aRecord({ timestamp: new Date(begin + (round - (index === 3 ? 30 : 0)) * 3_600_000).toISOString() }),
      )
      if (await fitted(() => engine.append(me, { records, opened: [], ended: [] }))) {
        kept.push(...records)
      } else counts.refused++
      if (!(await fitted(() => engine.flush(Date.now())))) counts.unwritten++
      if (round % 7 === 0) {
        disk.empty()
        cutLine(disk.folder)
        engine = await started(file)
        counts.killed++
      }
      if (round % 5 === 0) expect(await idsIn(engine)).toEqual(inOrder(kept))
    }
    expect(await idsIn(engine)).toEqual(inOrder(kept))
    console.log(`${kept.length} records kept; ${JSON.stringify(counts)}`)
    expect(counts.refused).toBeGreaterThan(5)
    expect(counts.unwritten).toBeGreaterThan(5)
    expect(engine.archivedRecords).toBeGreaterThan(0)
  },
)
