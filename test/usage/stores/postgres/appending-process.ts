import { openStore } from '../../../../src/usage/stores/index.ts'
import { aRecord } from '../../../support/a-record.ts'

/** Appends records until it is killed, and says of which it was told that they are safe. */
const [url = '', folder = ''] = process.argv.slice(2)
const store = openStore(url, {
  ...{ readOnly: false, machine: 'here', mostRecords: 1, flushIntervalMs: 1, spoolFolder: folder },
  onNotice: () => {},
})
const me = { id: 'child', pid: process.pid, machine: 'here' }
for (;;) {
  const records = Array.from({ length: 5 }, () =>
    aRecord({ id: `x_child_${Math.random().toString(36).slice(2)}` }),
  )
  await store.append(me, { records, opened: [], ended: [] })
  process.send?.(records.map(({ id }) => id))
}
