import { StoreError } from '../store.ts'
import { columnDefinitions } from './columns.ts'
import { inTransaction, type Query } from './connection.ts'

/** Each takes a database from the version of its place to the next; none is ever changed once it was released. */
const migrations: readonly string[] = [
  `CREATE TABLE llmproxy_records (
     ${columnDefinitions},
     seq bigint GENERATED ALWAYS AS IDENTITY,
     rolled boolean NOT NULL DEFAULT false,
     PRIMARY KEY (id)
   );
   ALTER TABLE llmproxy_records ALTER "timestamp" SET NOT NULL;
   CREATE INDEX llmproxy_records_by_time ON llmproxy_records ("timestamp", id);
   CREATE INDEX llmproxy_records_by_session ON llmproxy_records (session_id, "timestamp");
   CREATE INDEX llmproxy_records_not_rolled ON llmproxy_records (seq) WHERE NOT rolled;
   CREATE TABLE llmproxy_seen (
     field text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL, PRIMARY KEY (field, value));
   CREATE TABLE llmproxy_owners (
     id text PRIMARY KEY, pid bigint NOT NULL, machine text NOT NULL, seen_ms bigint NOT NULL);
   CREATE TABLE llmproxy_open_exchanges (
     id text PRIMARY KEY, owner text NOT NULL, record json NOT NULL);
   CREATE INDEX llmproxy_open_exchanges_by_owner ON llmproxy_open_exchanges (owner);`,
  // Roll-ups: sums apart from sketches, for many questions need the sums only. A name may be longer than a tree can hold.
  `CREATE TABLE llmproxy_rollup_keys (
     id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text COLLATE "C" NOT NULL);
   CREATE INDEX llmproxy_rollup_keys_by_key ON llmproxy_rollup_keys USING hash (key);
   CREATE TABLE llmproxy_rollup_sums (
     unit text COLLATE "C" NOT NULL, begins_ms bigint NOT NULL, key int NOT NULL,
     records bigint NOT NULL, sums bytea NOT NULL, PRIMARY KEY (unit, begins_ms, key));
   CREATE TABLE llmproxy_rollup_sketches (
     unit text COLLATE "C" NOT NULL, begins_ms bigint NOT NULL, key int NOT NULL,
     sketches bytea NOT NULL, PRIMARY KEY (unit, begins_ms, key));
   CREATE INDEX llmproxy_records_tried_again ON llmproxy_records ("timestamp") WHERE attempts > 1;`,
  // A client says what model it wants, and a tree holds no value beyond 2,700 bytes: by a number made of it.
  `ALTER TABLE llmproxy_seen DROP CONSTRAINT llmproxy_seen_pkey;
   CREATE UNIQUE INDEX llmproxy_seen_by_value ON llmproxy_seen (field, hashtextextended(value, 0));`,
  'CREATE INDEX llmproxy_records_replacement ON llmproxy_records ("timestamp", id) WHERE replacement IS NOT NULL;',
  // A session's name may be longer than a tree can hold.
  `CREATE TABLE llmproxy_opt_outs (
     digest bytea PRIMARY KEY, session text NOT NULL, opted_out boolean NOT NULL, at_ms bigint NOT NULL,
     seq bigint GENERATED ALWAYS AS IDENTITY);
   CREATE UNIQUE INDEX llmproxy_opt_outs_by_seq ON llmproxy_opt_outs (seq);`,
]

/** The version from which on a database has roll-ups. */
const rollupsSince = 2

/** A database that is only read may be of an older version. */
export async function hasRollups(query: Query): Promise<boolean> {
  return (await writtenVersion(query)) >= rollupsSince
}

/** Any number, but always this one: who migrates waits for who does. */
const lock = 7_310_115_846
/** Another proxy may be at it, and a ledger may be large. */
const migrationMs = 600_000

/** Brings the database to the newest version; several proxies may start at once. */
export async function migrate(query: Query): Promise<void> {
  if ((await foundVersion(query)) === migrations.length) return
  await inTransaction(query, async () => {
    await query(`SET LOCAL statement_timeout = ${migrationMs}`)
    await query('SELECT pg_advisory_xact_lock($1)', [lock], migrationMs)
    // Not looked for again: that could still answer as before the lock.
    await query(
      'CREATE TABLE IF NOT EXISTS llmproxy_form (id int PRIMARY KEY CHECK (id = 1), version int NOT NULL)',
    )
    const version = await writtenVersion(query)
    for (const statements of migrations.slice(version)) await query(statements, [], migrationMs)
    await query(
      `INSERT INTO llmproxy_form (id, version) VALUES (1, $1)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version`,
      [migrations.length],
    )
  })
}

/** For who only reads: that there is a ledger which can be read. */
export async function checkForm(query: Query, place: string): Promise<void> {
  if ((await foundVersion(query)) === 0) {
    throw new StoreError('unreachable', `there is no ledger at ${place}`)
  }
}

/** 0: there is none. */
async function foundVersion(query: Query): Promise<number> {
  const { rows } = await query<{ there: boolean }>("SELECT to_regclass('llmproxy_form') IS NOT NULL AS there")
  return rows[0]?.there === true ? await writtenVersion(query) : 0
}

async function writtenVersion(query: Query): Promise<number> {
  const { rows } = await query<{ version: number }>('SELECT version FROM llmproxy_form')
  const version = rows[0]?.version ?? 0
  if (version <= migrations.length) return version
  throw new StoreError(
    'failed',
    `the ledger is of a newer llmproxy (version ${version} of its form); update llmproxy, or set another usage_tracking.persistence_path`,
  )
}
