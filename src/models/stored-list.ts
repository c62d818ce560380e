import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { arrayAt, isObject, type Json, numberAt, stringAt } from '../core/json.ts'

/** A provider's last good answer. */
export interface StoredList {
  models: readonly string[]
  fetchedAtMs: number
}

/** One file per backend, readable by its owner only. */
export function listFile(folder: string, backendName: string): string {
  return join(folder, `${encodeURIComponent(backendName)}.json`)
}

/** Undefined when there is no file, it is damaged, or it tells of another URL. */
export async function readStoredList(file: string, apiUrl: string): Promise<StoredList | undefined> {
  try {
    const content: Json = JSON.parse(await readFile(file, 'utf8'))
    const models = arrayAt(content, 'models')
    const fetchedAtMs = numberAt(content, 'fetched_at_ms')
    if (!isObject(content) || !models || fetchedAtMs === undefined) return undefined
    if (stringAt(content, 'api_url') !== apiUrl) return undefined
    return { models: models.filter((model) => typeof model === 'string'), fetchedAtMs }
  } catch {
    return undefined
  }
}

/** Writes beside the file and renames, so that a reader never sees half of it. */
export async function writeStoredList(file: string, apiUrl: string, list: StoredList): Promise<void> {
  const content = { version: 1, api_url: apiUrl, fetched_at_ms: list.fetchedAtMs, models: list.models }
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  const beside = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(content)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
