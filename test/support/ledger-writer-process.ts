// Writes records through a ledger of its own: see ledger-writer.ts.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/core/clock.ts'
import { exchangeIds } from '../../src/core/rising-ids.ts'
import { createLedger } from '../../src/usage/ledger/ledger.ts'
import { thisOwner } from '../../src/usage/ledger/owner.ts'
import { openStore } from '../../src/usage/stores/index.ts'
import { aRecord } from './a-record.ts'
import { essence, type WriterEnd, type WriterTask } from './ledger-writer.ts'

const [{ path, name, records, perMs, between }] = (await once(process, 'message')) as [WriterTask]
const owner = thisOwner()
const store = openStore(path, {
  ...{ readOnly: false, machine: owner.machine, mostRecords: 1_000_000, flushIntervalMs: 1_000 },
  onNotice: (notice) => process.stderr.write(`${notice}\n`),
})
await store.prepare()
let troubles = 0
const ledger = createLedger({
  ...{ store, owner, clock: systemClock, maxPending: () => 1_000_000, onRecovered: () => {} },
  onTrouble: () => troubles++,
})
process.send?.('ready')
await once(process, 'message')

const nextId = exchangeIds(Date.now)
const hash = createHash('sha256')
const startedMs = performance.now()
const due = () =>
  perMs === 0 ? records : Math.min(records, Math.floor((performance.now() - startedMs) * perMs))

for (let made = 0; made < records; ) {
  // Unpaced, it goes as fast as they are stored, a thousand at a time.
  for (const end = Math.min(due(), made + 1_000); made < end; made++) {
    const atMs = between ? between[0] + Math.floor(Math.random() * (between[1] - between[0])) : Date.now()
    const record = aRecord({
      ...{ id: nextId(), timestamp: new Date(atMs).toISOString(), user_agent: name, turn_number: made },
      cost_usd: made / 1e9,
    })
    hash.update(essence(record))
    ledger.add(record)
  }
  if (perMs === 0) await ledger.flush()
  else await (due() > made ? turn() : wait(1))
}
const tookMs = performance.now() - startedMs
await ledger.close()
await store.close()
const end: WriterEnd = { hash: hash.digest('hex'), dropped: ledger.state().dropped_records, troubles, tookMs }
process.send?.(end)
