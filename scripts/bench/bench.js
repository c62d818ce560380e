// `npm run bench`: what the proxy adds, against the same provider on this machine in this run: direct, through a bare
// relay, and through the proxy. Prints a table and writes all numbers to --out. See docs/performance.md.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { coldStartMs } from './cold-start.js'
import { firstTokens, frameDelays, throughput, whileOpen, wholeAnswers } from './measures.js'
import { startChild, startProxy } from './processes.js'
import { circumstances, table } from './report.js'
import { addedPerRound, inRounds, summary } from './rounds.js'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Default: where git does not look. */
    out: { type: 'string', default: 'node_modules/.cache/bench.json' },
    /** Shorter measurements, to try the tool itself. */
    quick: { type: 'boolean', default: false },
  },
})
const rounds = Number(flags.rounds)
const scale = flags.quick ? 0.2 : 1
const plan = {
  requests: Math.round(2000 * scale),
  // Node's compiler needs thousands of calls before code is as fast as it gets.
  warmUpMs: 10_000 * scale,
  throughput: { connections: 32, forMs: 3000 * scale },
  paced: { streams: 64, everyMs: 20, frames: Math.round(200 * scale) },
}
const about = circumstances({ rounds, quick: flags.quick })

const provider = await startChild('provider.js')
const relay = await startChild('relay.js', [provider.url])
const proxy = await startProxy(provider.url)
const targets = { direct: provider, relay, proxy }
const rows = []
const say = (what) => process.stderr.write(`${what} …\n`)

const memory = { before: proxy.rssMb() }
say('warming up')
for (const { url } of Object.values(targets)) {
  await throughput(url, { ...plan.throughput, forMs: plan.warmUpMs })
  await firstTokens(url, plan.requests)
}
memory.after = proxy.rssMb()

for (const [what, measure] of [
  ['whole answer, 1 client', wholeAnswers],
  ['first token', firstTokens],
]) {
  say(what)
  const results = await inRounds(targets, rounds, ({ url }) => measure(url, plan.requests))
  for (const [name, quantile] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ]) {
    addedRow(`${what}, added ${name}`, 'ms', results, quantile)
  }
}

say('requests per second')
const load = await inRounds(targets, rounds, async (target) => {
  const before = target.cpuMs()
  const { perSecond, answers } = await throughput(target.url, plan.throughput)
  return { perSecond, cpuUs: ((target.cpuMs() - before) * 1000) / answers }
})
const overRounds = (name, field) => summary(load.flatMap((round) => round[name].map((one) => one[field])))
for (const [what, unit, field] of [
  ['32 connections, 1 kB prompts, all different', 'requests/s', 'perSecond'],
  ['processor time of a request', 'µs', 'cpuUs'],
]) {
  const [direct, relay, proxy] = Object.keys(targets).map((name) => overRounds(name, field))
  rows.push({ what, unit, direct, relay, proxy, note: `${(proxy.median / relay.median).toFixed(2)} ×` })
}

say('frames of 64 streams')
const frames = await inRounds(targets, rounds, ({ url }) => frameDelays(url, plan.paced))
addedRow('a frame of 64 streams of 20 ms, added p50', 'µs', frames, 0.5)
addedRow('a frame of 64 streams of 20 ms, added p99', 'µs', frames, 0.99)

say('open streams')
memory.at1000Streams = await whileOpen(proxy.url, 1000, () => proxy.rssMb())
memory.end = proxy.rssMb()
rows.push({ what: 'memory before the first exchange', unit: 'MB', proxy: memory.before })
rows.push({ what: 'memory after warming up', unit: 'MB', proxy: memory.after })
rows.push({ what: 'memory with 1,000 open streams', unit: 'MB', proxy: memory.at1000Streams })
rows.push({ what: 'memory at the end', unit: 'MB', proxy: memory.end })

say('cold start')
await proxy.stop()
const coldStarts = []
for (let round = 0; round < Math.max(3, rounds); round++) coldStarts.push(await coldStartMs(provider.url))
rows.push({ what: 'start of the process to first answer', unit: 'ms', proxy: summary(coldStarts) })
await relay.stop()
await provider.stop()

console.log(`${table(rows)}\n\n${JSON.stringify(about)}`)
mkdirSync(dirname(flags.out), { recursive: true })
writeFileSync(flags.out, `${JSON.stringify({ ...about, plan, rows }, null, 2)}\n`)

function addedRow(what, unit, results, quantile) {
  const relay = summary(addedPerRound(results, 'relay', quantile))
  const proxy = summary(addedPerRound(results, 'proxy', quantile))
  rows.push({ what, unit, relay, proxy, note: `${(proxy.median / relay.median).toFixed(2)} ×` })
}
