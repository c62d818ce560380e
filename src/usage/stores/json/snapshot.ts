import { createReadStream, existsSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { UsageRecord } from '../../record/record.ts'

const recordsPerWrite = 500

/**
 * Writes `{version, last_flush, record_count, records}` in pieces, a record a line, and puts it in place when it is
 * whole and on the disk: write, fsync, rename.
 */
export async function writeSnapshot(
  file: string,
  records: readonly UsageRecord[],
  nowMs: number,
): Promise<void> {
  const fresh = `${file}.new`
  const to = await open(fresh, 'w', 0o600)
  try {
    const head = { version: 1, last_flush: new Date(nowMs).toISOString(), record_count: records.length }
    await to.writeFile(`${JSON.stringify(head).slice(0, -1)},"records":[`)
    for (let at = 0; at < records.length; at += recordsPerWrite) {
      const lines = records.slice(at, at + recordsPerWrite).map((record) => JSON.stringify(record))
      await to.writeFile(`${at === 0 ? '' : ','}\n${lines.join(',\n')}`)
    }
    await to.writeFile('\n]}\n')
    await to.sync()
  } finally {
    await to.close()
  }
  await rename(fresh, file)
}

export interface ReadSnapshot {
  records: UsageRecord[]
  /** False: it is cut or damaged, and these are the records that could be read. */
  whole: boolean
}

/**
 * Reads what `writeSnapshot` wrote, or the same written by others in any layout (an export), which is then read at
 * once.
 */
export async function readSnapshot(file: string): Promise<ReadSnapshot> {
  if (!existsSync(file)) return { records: [], whole: true }
  const records: UsageRecord[] = []
  let lines = 0
  let unread = 0
  let ended = false
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    lines++
    if (lines === 1) {
      if (!/^\{"version":1,.*"records":\[$/.test(line)) return readAtOnce(file)
      continue
    }
    if (line.startsWith(']')) ended = true
    else if (!takeLine(line, records)) unread++
  }
  return { records, whole: ended && unread === 0 }
}

function takeLine(line: string, records: UsageRecord[]): boolean {
  try {
    records.push(JSON.parse(line.replace(/,$/, '')) as UsageRecord)
    return true
  } catch {
    return false
  }
}

async function readAtOnce(file: string): Promise<ReadSnapshot> {
  const from = await open(file)
  try {
    const text = await from.readFile('utf8')
    if (text.trim() === '') return { records: [], whole: true }
    const { records } = JSON.parse(text) as { records?: unknown }
    return Array.isArray(records)
      ? { records: records as UsageRecord[], whole: true }
      : { records: [], whole: false }
  } catch (error) {
    if (error instanceof SyntaxError) return { records: [], whole: false }
    throw error
  } finally {
    await from.close()
  }
}
