// `npm run soak`: an hour of mixed traffic with faults through the built proxy, which ends with what was missed. --minutes
// N or --seconds N for another time, --rate for exchanges a second, --seed to repeat a run. Exit code 1 when anything was
// missed. Linux only: what the proxy holds comes from /proc. See docs/performance.md.
import { parseArgs } from 'node:util'
import { runSoak } from '../test/soak/run-soak.ts'
import { prepare } from './prepare.js'

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seconds: { type: 'string' },
    rate: { type: 'string', default: '60' },
    /** Default: another run each time. */
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})
const number = (name) => {
  const value = Number(flags[name])
  if (!(value > 0)) throw new Error(`--${name} ${flags[name]}: a number above 0`)
  return value
}
// Ends the proxy and removes its folder on the way out.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code))
prepare()
const forMs = flags.seconds === undefined ? number('minutes') * 60_000 : number('seconds') * 1_000
console.log(`seed ${flags.seed}, ${flags.rate} exchanges a second for ${forMs / 1000} s`)
const misses = await runSoak({ forMs, perSecond: number('rate'), seed: Number(flags.seed), say: console.log })
console.log(misses.length === 0 ? 'nothing was missed' : `${misses.length} missed`)
for (const miss of misses.slice(0, 20)) console.log(`MISSED ${miss}`)
process.exit(misses.length === 0 ? 0 : 1)
