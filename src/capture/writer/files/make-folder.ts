import { existsSync, mkdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * Makes a folder for captures and what is missing above it, for this user only. One that is made inside a git work tree
 * is kept out of it by a `.gitignore`; one that is there stays as it is.
 */
export function makeCaptureFolder(folder: string): void {
  if (isFolder(folder) || !makeFolder(folder) || !isInWorkTree(dirname(resolve(folder)))) return
  const ignored = join(folder, '.gitignore')
  try {
    writeFileSync(ignored, '*\n', { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // The next try begins anew, rather than with a folder that is there.
    rmSync(ignored, { force: true })
    rmdirSync(folder)
    throw error
  }
}

/** By hand: `recursive` never returns where a folder is there and takes none, as /proc does. False: another process made it. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && isFolder(folder)) return false
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error
    makeFolder(dirname(folder))
    return makeFolder(folder)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** `.git` is a folder, or a file in linked work trees and submodules. */
function isInWorkTree(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true
  const above = dirname(folder)
  return above !== folder && isInWorkTree(above)
}
