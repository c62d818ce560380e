import { SpoolFolder } from '../../../../../src/usage/stores/postgres/spool/spool-folder.ts'
import { aRecord } from '../../../../support/a-record.ts'

/** Has records in a spool, says which, and lives until it is killed. */
const spool = await new SpoolFolder({ folder: process.argv[2] ?? '', key: 'k' }).create()
const records = [aRecord(), aRecord(), aRecord()]
await spool.add({ id: 'child', pid: process.pid, machine: 'here' }, { records, opened: [], ended: [] })
process.send?.(records.map(({ id }) => id))
setInterval(() => {}, 1_000)
