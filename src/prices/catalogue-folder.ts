import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Catalogue, catalogueOf, type ListedProvider } from './catalogue.ts'
import { readCatalogueData } from './catalogue-data.ts'

const fileForm = /^(genai-prices@\d{4}-\d{2}-\d{2}-([0-9a-f]{8}))\.json$/

export interface CatalogueFile {
  version: string
  hash: string
  file: string
}

/** What was once fetched into a folder, newest first. Empty where there is no folder. */
export function catalogueFiles(folder: string): CatalogueFile[] {
  const files = namesIn(folder).flatMap((name) => {
    const [, version, hash] = fileForm.exec(name) ?? []
    if (version === undefined || hash === undefined) return []
    const file = join(folder, name)
    return [{ version, hash, file, day: version.slice(0, -9), writtenMs: statSync(file).mtimeMs }]
  })
  files.sort((left, right) => compare(right.day, left.day) || right.writtenMs - left.writtenMs)
  return files.map(({ version, hash, file }) => ({ version, hash, file }))
}

/** The newest catalogue of a folder that is whole; null if there is none. A damaged one is told about and skipped. */
export function newestCatalogue(
  folder: string,
  onDamaged: (file: string, reason: string) => void,
): Catalogue | null {
  for (const { version, hash, file } of catalogueFiles(folder)) {
    try {
      const json = readFileSync(file, 'utf8')
      if (hashOf(json) !== hash) throw new Error('its content is not what was fetched')
      return fetchedCatalogue(version, readCatalogueData(json))
    } catch (error) {
      onDamaged(file, error instanceof Error ? error.message : String(error))
    }
  }
  return null
}

/** The first eight hex digits of SHA-256. */
export function hashOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 8)
}

/** Whole and on the disk, or not there: write, fsync, rename. */
export async function writeCatalogue(folder: string, version: string, json: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${version}.json`)
  const fresh = `${file}.${process.pid}.tmp`
  try {
    await writeThrough(fresh, json)
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
  return file
}

async function writeThrough(file: string, json: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(json)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function fetchedCatalogue(version: string, providers: readonly ListedProvider[]): Catalogue {
  const byId = new Map(providers.map((provider) => [provider.id, provider]))
  return catalogueOf(version, (id) => byId.get(id))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right)
}
