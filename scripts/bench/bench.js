// `npm run bench`: what the proxy adds, against the same provider on this machine in this run: direct, through a bare
// relay, and through the proxy. Prints a table and writes all numbers to --out. See docs/performance.md.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { coldStartMs } from './cold-start.js'
import {
  countingWork,
  droppedEntries,
  firstTokens,
  frameDelays,
  throughput,
  whileOpen,
  wholeAnswers,
} from './measures.js'
import { install, isInstalled, peerName, startPeer } from './peer.js'
import { numbersOf, startChild, startProxy } from './processes.js'
import { circumstances, table } from './report.js'
import { addedPerRound, inRounds, summary } from './rounds.js'

/** In this order. */
const parts = { latency, load, frames, memory, start, capture }

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Default: where git does not look. */
    out: { type: 'string', default: 'node_modules/.cache/bench.json' },
    /** Shorter measurements, to try the tool itself. */
    quick: { type: 'boolean', default: false },
    /** These parts, in place of all: `load,capture`. */
    /** Another gateway in the same rounds, installed for it; one that was installed before is measured without it too. */
    peer: { type: 'boolean', default: false },
    only: { type: 'string', default: [...Object.keys(parts), 'ledger'].join() },
  },
})
const chosen = flags.only.split(',')
const unknown = chosen.find((name) => name !== 'ledger' && !Object.hasOwn(parts, name))
if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${Object.keys(parts)} and ledger`)
const rounds = Number(flags.rounds)
const scale = flags.quick ? 0.2 : 1
const plan = {
  requests: Math.round(2000 * scale),
  // Node's compiler needs thousands of calls before code is as fast as it gets: on a busy machine that takes longer.
  warmUp: { forMs: 10_000 * scale, answers: 40_000 * scale, atMostMs: 180_000 * scale },
  throughput: { connections: 32, forMs: 3000 * scale },
  paced: { streams: 64, everyMs: 20, frames: Math.round(200 * scale) },
}
const about = circumstances({ rounds, quick: flags.quick })
const rows = []
const say = (what) => process.stderr.write(`${what} …\n`)

const names = Object.keys(parts).filter((name) => chosen.includes(name))
if (names.length > 0) {
  const provider = await startChild('provider.js')
  const relay = await startChild('relay.js', [provider.url])
  const proxy = await startProxy(provider.url)
  const targets = { direct: provider, relay, proxy }
  if (flags.peer && !isInstalled()) install()
  if (isInstalled()) targets.peer = await startPeer(provider.url)
  const rssMb = { before: proxy.rssMb() }
  if (names.some((name) => name !== 'start' && name !== 'capture')) {
    say('warming up')
    for (const target of Object.values(targets)) await warmUp(target)
  }
  rssMb.after = proxy.rssMb()
  try {
    for (const name of names) {
      say(name)
      await parts[name]({ targets, rssMb })
    }
  } finally {
    // What was measured is not lost for what could not be.
    console.log(`${table(rows, targets.peer && peerName)}\n\n${JSON.stringify(about)}`)
    for (const target of [proxy, targets.peer, relay, provider]) await target?.stop()
  }
  mkdirSync(dirname(flags.out), { recursive: true })
  writeFileSync(flags.out, `${JSON.stringify({ ...about, plan, rows }, null, 2)}\n`)
}
if (chosen.includes('ledger')) {
  const program = fileURLToPath(new URL('ledger.js', import.meta.url))
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', program], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

async function warmUp(target) {
  const { forMs, answers: wanted, atMostMs } = plan.warmUp
  const startedMs = performance.now()
  let answers = 0
  do answers += (await throughput(target, { ...plan.throughput, forMs })).answers
  while (answers < wanted && performance.now() - startedMs < atMostMs)
  await firstTokens(target, plan.requests)
}

async function latency({ targets }) {
  for (const [what, measure] of [
    ['whole answer, 1 client', wholeAnswers],
    ['first token', firstTokens],
  ]) {
    say(what)
    const results = await inRounds(targets, rounds, (target) => measure(target, plan.requests))
    addedRow(`${what}, added p50`, 'ms', results, 0.5)
    addedRow(`${what}, added p99`, 'ms', results, 0.99)
  }
}

/** One that captures everything is measured beside the one that does not, in the same rounds. */
async function load({ targets: others }) {
  const capturing = await startProxy(others.direct.url, { config: { wire_capture: { mode: 'all' } } })
  await warmUp(capturing)
  const targets = { ...others, capturing }
  const results = await inRounds(targets, rounds, async (target) => {
    const isProxy = target === targets.proxy || target === capturing
    const counted = isProxy ? await countingWork(target.url) : undefined
    const [before, startedMs] = [target.cpuMs(), performance.now()]
    const { perSecond, answers } = await throughput(target, plan.throughput)
    const cpuUs = ((target.cpuMs() - before) * 1000) / answers
    const counting =
      counted && countingShares(counted, await countingWork(target.url), performance.now() - startedMs)
    return { perSecond, cpuUs, ...counting }
  })
  const overRounds = (name, field) =>
    summary(results.flatMap((round) => round[name].map((one) => one[field])))
  for (const [name, more] of [
    ['proxy', ''],
    ['capturing', ', capture on'],
  ]) {
    for (const [what, unit, field] of [
      ['32 connections, 1 kB prompts, all different', 'requests/s', 'perSecond'],
      ['processor time of a request', 'µs', 'cpuUs'],
    ]) {
      const [direct, relay, proxy] = ['direct', 'relay', name].map((one) => overRounds(one, field))
      const peer = targets.peer && name === 'proxy' ? overRounds('peer', field) : undefined
      const note = times(proxy, relay)
      rows.push({ what: `${what}${more}`, unit, direct, relay, proxy, peer, note })
    }
    for (const [what, unit, field] of [
      ['share counted by bytes', '%', 'byBytes'],
      ['counting thread', '% of a core', 'ofCore'],
    ]) {
      rows.push({ what: `${what}${more}`, unit, proxy: overRounds(name, field) })
    }
  }
  rows.push({ what: 'dropped by the capture', unit: 'entries', proxy: await droppedEntries(capturing.url) })
  await capturing.stop()
}

/** In percent, of what lies between two looks at a proxy. */
function countingShares(before, after, tookMs) {
  const [taken, refused] = [after.taken - before.taken, after.refused - before.refused]
  return {
    byBytes: (100 * refused) / Math.max(1, taken + refused),
    ofCore: (100 * (after.busyS - before.busyS)) / (tookMs / 1000),
  }
}

async function frames({ targets }) {
  const results = await inRounds(targets, rounds, (target) => frameDelays(target, plan.paced))
  addedRow('a frame of 64 streams of 20 ms, added p50', 'µs', results, 0.5)
  addedRow('a frame of 64 streams of 20 ms, added p99', 'µs', results, 0.99)
}

async function memory({ targets: { proxy }, rssMb }) {
  const open = await whileOpen(proxy, 1000, () => proxy.rssMb())
  for (const [when, taken] of [
    ['before the first exchange', rssMb.before],
    ['after warming up', rssMb.after],
    ['with 1,000 open streams', open],
    ['at the end', proxy.rssMb()],
  ]) {
    rows.push({ what: `memory ${when}`, unit: 'MB', proxy: taken })
  }
}

async function start({ targets }) {
  await targets.proxy.stop()
  const tookMs = []
  for (let i = 0; i < Math.max(3, rounds); i++) tookMs.push(await coldStartMs(targets.direct.url))
  rows.push({ what: 'start of the process to first answer', unit: 'ms', proxy: summary(tookMs) })
}

/** Without the other processes in between: what is counted is what the main thread does. */
async function capture() {
  const sums = []
  for (let i = 0; i < rounds; i++) sums.push((await numbersOf('capture-cost.js')).sumUs)
  const what = 'capture of an exchange of 1 kB and 50 chunks, main thread'
  rows.push({ what, unit: 'µs', proxy: summary(sums) })
}

function addedRow(what, unit, results, quantile) {
  const relay = summary(addedPerRound(results, 'relay', quantile))
  const proxy = summary(addedPerRound(results, 'proxy', quantile))
  const peer = results[0].peer && summary(addedPerRound(results, 'peer', quantile))
  rows.push({ what, unit, relay, proxy, peer, note: times(proxy, relay) })
}

function times(proxy, relay) {
  return `${(proxy.median / relay.median).toFixed(2)} ×`
}
