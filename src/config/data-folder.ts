import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * Makes a folder for data with everything above it that is missing, for this user only (0700). One that is made
 * inside a git work tree is kept out of it by a `.gitignore`. A folder that is there stays as it is.
 */
export async function ensureDataFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made === undefined || !(await isInWorkTree(dirname(resolve(folder))))) return
  await writeFile(join(folder, '.gitignore'), '*\n', { mode: 0o600, flag: 'wx' })
}

/** `.git` is a folder, or a file in linked work trees and submodules. */
async function isInWorkTree(folder: string): Promise<boolean> {
  const found = await access(join(folder, '.git')).then(
    () => true,
    () => false,
  )
  if (found) return true
  const above = dirname(folder)
  return above !== folder && isInWorkTree(above)
}
