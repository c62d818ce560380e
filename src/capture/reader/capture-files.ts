import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CaptureError } from '../format/capture-error.ts'
import { type ByteSource, fileSource } from './byte-source.ts'
import { Scan } from './scan.ts'

const extension = '.cbor'

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** The captures in a folder, those of `known` left out; by their sections' beginnings, the oldest first. */
export async function filesOf(folder: string, known: ReadonlySet<string> = new Set()): Promise<string[]> {
  const dated: { path: string; startNs: number }[] = []
  for (const name of await namesIn(folder)) {
    const path = join(folder, name)
    if (!name.endsWith(extension) || known.has(path) || (await isFolder(path))) continue
    dated.push({ path, startNs: await startOf(path) })
  }
  dated.sort((a, b) => a.startNs - b.startNs || (a.path < b.path ? -1 : 1))
  return dated.map(({ path }) => path)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    const message = `${folder} cannot be read: ${(cause as Error).message}`
    throw new CaptureError('unreadable', message, { cause })
  }
}

/** By its first header; where that is lost, by the file system. 0 for what cannot be opened: reading says why. */
async function startOf(path: string): Promise<number> {
  let source: ByteSource
  try {
    source = await fileSource(path)
  } catch {
    return 0
  }
  try {
    return (await headerNs(source)) ?? source.bornNs
  } catch {
    return source.bornNs
  } finally {
    await source.close()
  }
}

async function headerNs(source: ByteSource): Promise<number | null> {
  for (const found of (await new Scan(source).more()) ?? []) {
    if (found.kind === 'entry' && found.content.kind === 'header') return found.content.createdAt * 1e9
    if (found.kind === 'frame' && found.record.k === 'hdr') return Number(found.record.wall_ns)
  }
  return null
}
