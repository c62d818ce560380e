import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file's text; null when there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null
    throw error
  }
}

/**
 * Replaces a file in one step, so that nobody reads half of it. Keeps its permissions, and a link to it
 * (people keep their settings in a repository); a new one is its owner's alone.
 */
export async function replaceFile(path: string, text: string, mode?: number): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const present = await stat(target).catch(() => undefined)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const fresh = `${target}.${process.pid}.new`
  try {
    await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
    await chmod(fresh, mode ?? (present === undefined ? 0o600 : present.mode & 0o777))
    await rename(fresh, target)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}
