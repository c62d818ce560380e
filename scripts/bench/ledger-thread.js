// `node --import tsx scripts/bench/ledger-thread.js`: processor time of a record, on the thread that hands it over (with
// this loop) and on the one that writes it, while records come as fast as `npm run bench -- --only load` makes them. Linux only.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ledgerRecords } from './ledger-records.js'

const { values: flags } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    perSecond: { type: 'string', default: '12000' },
    /** Where the compiled program is; its sources are run with the loader. */
    program: { type: 'string', default: '../../src' },
    /** `random` or `rising`: what is random costs a page of the index each. */
    sessions: { type: 'string', default: 'random' },
  },
})
const extension = flags.program.endsWith('src') ? 'ts' : 'js'
const load = (name) => import(new URL(`${flags.program}/${name}.${extension}`, import.meta.url).href)
const { createLedger } = await load('usage/ledger/ledger')
const { openStore } = await load('usage/stores/index')
const folder = mkdtempSync(join(tmpdir(), 'ledger-thread-'))
const clock = {
  nowMs: () => Date.now(),
  monotonicNs: () => Number(process.hrtime.bigint()),
  after(ms, work) {
    const timer = globalThis.setTimeout(work, ms)
    return { cancel: () => clearTimeout(timer) }
  },
}
const store = openStore(join(folder, 'usage.db'), { readOnly: false, onNotice: console.error })
await store.prepare()
const owner = { id: 'bench', pid: process.pid, machine: 'bench' }
const ledger = createLedger({
  store,
  owner,
  clock,
  maxPending: () => 100_000,
  onTrouble: console.error,
  onRecovered() {},
})
const total = Number(flags.records)
const digits = '0123456789abcdefghjkmnpqrstvwxyz'
const rand = (n) => Array.from({ length: n }, () => digits[Math.floor(Math.random() * 32)]).join('')
const all = JSON.parse(JSON.stringify([...ledgerRecords(total, Date.now())]))
for (const [index, record] of all.entries()) {
  // As the load of `npm run bench` makes them: one model, one client, each a session of its own.
  record.id = `x_${index.toString(32).padStart(9, '0')}${rand(11)}`
  record.timestamp = new Date(Date.now() + Math.floor(index / 12)).toISOString()
  record.session_id =
    flags.sessions === 'random' ? `s_${rand(16)}` : `s_${index.toString(16).padStart(8, '0')}${rand(8)}`
  record.turn_number = 1
  for (const name of [
    'frontend_type',
    'requested_model',
    'backend_type',
    'backend_instance_id',
    'model',
    'client_app',
    'proxy_user',
  ])
    record[name] = all[0][name]
  Object.assign(record.attempt_log[0], {
    upstream_request_id: null,
    backend_reported_usage: record.backend_reported_usage,
  })
}
const threads = () =>
  new Map(
    readdirSync('/proc/self/task').map((tid) => [
      tid,
      Number(readFileSync(`/proc/self/task/${tid}/schedstat`, 'utf8').split(' ')[0]),
    ]),
  )
let before
let next = 0
const warm = Math.floor(total / 4)
const crashed = () => all[0]
const started = performance.now()
while (next < total) {
  if (!before && next >= warm) before = threads()
  const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * Number(flags.perSecond)))
  for (; next < due; next++) {
    ledger.opened(all[next].id, crashed)
    ledger.add(all[next])
  }
  await setTimeout(1)
}
await ledger.flush()
await setTimeout(50)
const after = threads()
const spent = [...after].map(([tid, ns]) => [tid, (ns - (before.get(tid) ?? 0)) / 1000 / (total - warm)])
spent.sort((a, b) => b[1] - a[1])
const main = spent.find(([tid]) => Number(tid) === process.pid)
const rest = spent.filter((one) => one !== main)
console.log(
  JSON.stringify({
    main: main[1].toFixed(1),
    worker: rest[0][1].toFixed(1),
    others: rest
      .slice(1)
      .reduce((sum, [, us]) => sum + us, 0)
      .toFixed(1),
    tookS: ((performance.now() - started) / 1000).toFixed(1),
  }),
)
await store.release(owner)
await store.close()
rmSync(folder, { recursive: true })
