// `npm run bench:ledger`: the usage ledger in SQLite with a million records (`--millions 10`: ten): how fast it takes
// them, what a month's statistics and an export take. The file is kept for the next run under --folder.
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { DatabaseSync } from '@photostructure/sqlite'
import { readLedger } from '../../src/usage/read-ledger.ts'
import { openStore } from '../../src/usage/stores/index.ts'
import { ledgerRecords } from './ledger-records.js'
import { circumstances, table } from './report.js'

const { values: flags } = parseArgs({
  options: {
    millions: { type: 'string', default: '1' },
    folder: { type: 'string', default: 'node_modules/.cache/bench-ledger' },
    rounds: { type: 'string', default: '7' },
  },
})
const million = 1_000_000
const count = Math.round(Number(flags.millions) * 1e6)
const begin = Date.parse('2026-10-01T00:00:00Z')
const file = join(flags.folder, `${count}.db`)
const rows = []
const say = (what) => process.stderr.write(`${what} …\n`)

if (!existsSync(file)) await (count > million ? multiply() : fill(file, count))
const ledger = readLedger(file)
await measureStats()
await measureExport()
await ledger.close()
console.log(`${table(rows)}\n\n${JSON.stringify(circumstances({ records: count }))}`)

async function fill(into, many) {
  say(`writing ${many} records into ${into}`)
  mkdirSync(flags.folder, { recursive: true })
  const making = `${into}.making.db`
  const store = openStore(making, { readOnly: false, onNotice: say })
  const owner = { id: 'bench', pid: process.pid, machine: 'bench' }
  const startedMs = performance.now()
  let batch = []
  const flush = async () => {
    await store.append(owner, { records: batch, opened: [], ended: [] })
    batch = []
  }
  for (const record of ledgerRecords(many, begin)) {
    batch.push(record)
    if (batch.length === 2_000) await flush()
  }
  await flush()
  await store.release(owner)
  await store.close()
  const tookS = (performance.now() - startedMs) / 1000
  renameSync(making, into)
  rows.push({ what: 'records written, with their roll-ups', unit: 'records/s', proxy: many / tookS })
  rows.push({ what: 'size of a record in the file', unit: 'bytes', proxy: statSync(into).size / many })
}

/** Of the million that were written as a proxy writes them: each several times, with ids and sessions of its own. */
async function multiply() {
  const base = join(flags.folder, `${million}.db`)
  if (!existsSync(base)) await fill(base, million)
  const times = count / million
  const making = `${file}.making.db`
  say(`multiplying ${base} by ${times}`)
  const store = openStore(making, { readOnly: false, onNotice: say })
  await store.prepare()
  await store.close()
  const database = new DatabaseSync(making)
  const names = database.prepare('SELECT name FROM pragma_table_info(?)').all('records')
  const apart = {
    id: `base.id || copy.value`,
    timestamp: `base.timestamp + copy.value`,
    session_id: `base.session_id || '_' || copy.value`,
  }
  const values = names.map(({ name }) => apart[name] ?? `base.${name}`)
  database.exec(`PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; ATTACH '${base}' AS source`)
  database.exec(
    `WITH copy (value) AS (VALUES ${Array.from({ length: times }, (_, copy) => `(${copy})`)})
     INSERT INTO main.records SELECT ${values} FROM source.records AS base CROSS JOIN copy`,
  )
  database.exec(`INSERT INTO main.seen SELECT * FROM source.seen`)
  database.close()
  say('rolling up')
  const again = openStore(making, { readOnly: false, onNotice: say })
  await again.prepare()
  await rolledUp(making)
  await again.close()
  const whole = new DatabaseSync(making)
  whole.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  whole.close()
  renameSync(making, file)
}

/** The thread that writes rolls up what it finds at its start. */
async function rolledUp(path) {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  const behind = database.prepare('SELECT max(rowid) - (SELECT up_to FROM rolled) AS rows FROM records')
  const days = database.prepare(
    "SELECT max(begins_ms) - (SELECT week_ms FROM rolled) AS ms FROM rollup_sums WHERE unit = 'day'",
  )
  while (behind.get().rows > 6_000 || days.get().ms > 8 * 86_400_000) await setTimeout(1_000)
  database.close()
}

async function measureStats() {
  const window = 'start_date=2026-10-01&end_date=2026-10-31'
  for (const [what, query] of [
    ['a month by model', `${window}&group_by=model`],
    ['a month by backend', `${window}&group_by=backend`],
    ['a month by day, in Berlin', `${window}&group_by=day&time_zone=Europe/Berlin`],
    ['a month by hour', `${window}&group_by=hour`],
    ['everything, one user', 'proxy_user=ann'],
    ['a day by model', 'start_date=2026-10-07&end_date=2026-10-07&group_by=model'],
  ]) {
    say(what)
    const took = []
    for (let round = 0; round < Number(flags.rounds); round++) {
      const startedMs = performance.now()
      const { request_count: requests } = await ledger.stats(new URLSearchParams(query), null)
      if (requests === 0) throw new Error(`${what} found nothing`)
      took.push(performance.now() - startedMs)
    }
    took.sort((a, b) => a - b)
    rows.push({ what: `statistics: ${what}`, unit: 'ms', proxy: took[Math.floor(took.length / 2)] })
  }
}

/** Through the command, as users do it; its memory is what the kernel says of it. */
async function measureExport() {
  say('export')
  const before = process.memoryUsage.rss()
  const startedMs = performance.now()
  const query = new URLSearchParams('start_date=2026-10-01&end_date=2026-10-31&format=jsonl')
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50)
  const { pieces } = await ledger.export(query, null)
  await pipeline(pieces, createWriteStream('/dev/null'))
  clearInterval(watch)
  const perSecond = count / ((performance.now() - startedMs) / 1000)
  rows.push({ what: 'export as JSON Lines to /dev/null', unit: 'records/s', proxy: perSecond })
  rows.push({ what: 'memory of the export, above rest', unit: 'MB', proxy: (peak - before) / 1e6 })
}
