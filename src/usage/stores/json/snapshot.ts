import { existsSync, linkSync, renameSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { UsageRecord } from '../../record/record.ts'
import { linesOf } from './lines-of.ts'
import { isRecord, recordOf } from './record-line.ts'

const recordsPerWrite = 500
const ownHead = /^\{"version":1,.*"records":\[$/

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
    await to.close()
    await rename(fresh, file)
  } catch (error) {
    await to.close().catch(() => {})
    // Half a snapshot would keep the room that a full disk lacks.
    await rm(fresh, { force: true })
    throw error
  }
}

/** Tells one snapshot from the next that takes its place. */
export function snapshotVersion(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.mtimeNs}` : ''
}

/**
 * Keeps a damaged file under a dated name, which it returns. The file itself stays until a snapshot takes its place, so
 * that a crash in between loses nothing; where a file cannot have two names it is moved.
 */
export function setAside(file: string): string {
  const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`
  try {
    linkSync(file, aside)
  } catch {
    renameSync(file, aside)
  }
  return aside
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
  let head: string | undefined
  let unread = 0
  let ended = false
  for await (const { line } of linesOf(file)) {
    if (head === undefined) {
      head = line
      if (!ownHead.test(head)) return readAtOnce(file)
      continue
    }
    const record = recordOf(line.replace(/,$/, ''))
    if (record !== undefined) records.push(record)
    else if (line.startsWith(']')) ended = true
    else unread++
  }
  // A file without any line is a new one.
  return { records, whole: head === undefined || (ended && unread === 0 && hasAll(head, records)) }
}

/** Whether these are as many as the file says; in an export it is not said at the beginning. */
function hasAll(head: string, records: readonly UsageRecord[]): boolean {
  const told = /"record_count":(\d+)/.exec(head)?.[1]
  return told === undefined || Number(told) === records.length
}

async function readAtOnce(file: string): Promise<ReadSnapshot> {
  const from = await open(file)
  try {
    const text = await from.readFile('utf8')
    if (text.trim() === '') return { records: [], whole: true }
    const { records } = (JSON.parse(text) ?? {}) as { records?: unknown }
    if (!Array.isArray(records)) return { records: [], whole: false }
    const readable = records.filter(isRecord)
    return { records: readable, whole: readable.length === records.length }
  } catch (error) {
    if (error instanceof SyntaxError) return { records: [], whole: false }
    throw error
  } finally {
    await from.close()
  }
}
