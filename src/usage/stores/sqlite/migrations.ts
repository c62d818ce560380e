import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'
import { columnDefinitions } from './columns.ts'

/** Each takes a file from the version of its place to the next; none is ever changed once it was released. */
const migrations: readonly string[] = [
  `CREATE TABLE records (${columnDefinitions});
   CREATE INDEX records_by_time ON records (timestamp, id);
   CREATE INDEX records_by_session ON records (session_id, timestamp);
   CREATE TABLE seen (field TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (field, value)) WITHOUT ROWID;
   CREATE TABLE owners (id TEXT PRIMARY KEY, pid INTEGER, machine TEXT, seen_ms INTEGER) WITHOUT ROWID;
   CREATE TABLE open_exchanges (id TEXT PRIMARY KEY, owner TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;`,
  // Roll-ups: sums apart from sketches. `rolled` says up to which row they go, and up to which week and key those of weeks.
  `CREATE TABLE rollup_keys (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
   CREATE TABLE rollup_sums (unit TEXT NOT NULL, begins_ms INTEGER NOT NULL, key INTEGER NOT NULL,
     records INTEGER NOT NULL, sums BLOB NOT NULL, PRIMARY KEY (unit, begins_ms, key)) WITHOUT ROWID;
   CREATE TABLE rollup_sketches (unit TEXT NOT NULL, begins_ms INTEGER NOT NULL, key INTEGER NOT NULL,
     sketches BLOB NOT NULL, PRIMARY KEY (unit, begins_ms, key)) WITHOUT ROWID;
   CREATE TABLE rolled (
     up_to INTEGER NOT NULL, remade INTEGER NOT NULL, week_ms INTEGER NOT NULL, week_key INTEGER NOT NULL);
   INSERT INTO rolled (up_to, remade, week_ms, week_key) VALUES (0, 0, 0, 0);
   CREATE INDEX records_tried_again ON records (timestamp, id) WHERE attempts > 1;`,
  'CREATE INDEX records_replacement ON records (timestamp, id) WHERE replacement IS NOT NULL;',
  `CREATE TABLE opt_outs (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL UNIQUE, opted_out INTEGER NOT NULL, at_ms INTEGER NOT NULL);`,
]

/** The version from which on a file has roll-ups. */
const rollupsSince = 2

/** A file that is only read may be of an older version. */
export function hasRollups(database: DatabaseSyncInstance): boolean {
  return versionOf(database) >= rollupsSince
}

/** Brings the file to the newest version; several processes may try at once. */
export function migrate(database: DatabaseSyncInstance): void {
  if (versionOf(database) === migrations.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = versionOf(database)
    if (version > migrations.length) {
      throw new StoreError(
        'failed',
        `the ledger is of a newer llmproxy (version ${version} of its form); update llmproxy, or set another usage_tracking.persistence_path`,
      )
    }
    for (const statements of migrations.slice(version)) database.exec(statements)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: DatabaseSyncInstance): number {
  return Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version)
}
