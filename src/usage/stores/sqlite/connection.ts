import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { localTime } from '../../query/local-time.ts'
import { StoreError } from '../store.ts'
import { isOnNetwork } from './file-system.ts'
import { migrate } from './migrations.ts'

/** Another process may hold the file's lock this long. */
const busyMs = 5_000

/** A file is looked through at the start as long as that takes some hundredths of a second; larger ones as they are read. */
const checkedUpTo = 8_000_000

/** Throws `StoreError` where the file is damaged. */
export function check(database: DatabaseSyncInstance, path: string): void {
  const [found] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
  if (found && found.quick_check !== 'ok') {
    throw new StoreError('damaged', `the ledger is damaged: ${path} (${found.quick_check})`)
  }
}

/**
 * Opens the ledger's file, for who writes or who only reads. WAL: readers and the writer do not wait for each other;
 * it needs a file system of this machine (sqlite.org/wal.html), elsewhere the older journal serves.
 */
export function openFile(path: string, access: 'write' | 'read'): DatabaseSyncInstance {
  if (access === 'read' && !existsSync(path)) {
    throw new StoreError('unreachable', `there is no ledger at ${path}`)
  }
  if (access === 'write') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const isNew = !existsSync(path)
  const database = new DatabaseSync(path, { readOnly: access === 'read', timeout: busyMs })
  try {
    if (access === 'write') {
      if (isNew) chmodSync(path, 0o600)
      else if (statSync(path).size <= checkedUpTo) check(database, path)
      database.exec(`PRAGMA journal_mode = ${isOnNetwork(path) ? 'DELETE' : 'WAL'}`)
      database.exec('PRAGMA synchronous = NORMAL')
      migrate(database)
    } else {
      // Says at once whether it is a ledger at all.
      database.prepare('SELECT id FROM records LIMIT 1').all()
    }
    const local = (at: unknown, zone: unknown) => localTime(Number(at), String(zone))
    database.function(
      'local_hour',
      { deterministic: true },
      (at: unknown, zone: unknown) => local(at, zone).hour,
    )
    database.function(
      'local_weekday',
      { deterministic: true },
      (at: unknown, zone: unknown) => local(at, zone).weekday,
    )
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
