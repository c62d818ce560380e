import { rmSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'

/** A lock that the system takes away when its holder dies, however it dies. */
export interface HeldLock {
  /** `removed`: what it stood for is not there any more. Else the file stays: somebody may be taking it just now. */
  release(removed: boolean): void
}

/**
 * Null: somebody has it, on this machine or, where the file system can tell, on another. SQLite's lock: a number of a
 * process in a file would mean another one after a while, and each container's first process is 1.
 */
export function takeLock(path: string): HeldLock | null {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === 5) return null
    throw error
  }
  return {
    release(removed) {
      database.close()
      if (removed) rmSync(path, { force: true })
    },
  }
}
