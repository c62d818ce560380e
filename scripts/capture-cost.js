// `npm run bench:capture`: what the capture costs the main thread for each exchange of 1 kB and 50 chunks, and for each
// chunk (spec/performance.md: 200 µs an exchange). Exits 1 above the bound.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createCaptureWriter } from '../src/capture/writer/capture-writer.ts'
import { systemClock } from '../src/core/clock.ts'

const boundUs = 200
const exchanges = 3_000
const warmUp = 500
const chunksEach = 50

const folder = mkdtempSync(join(tmpdir(), 'llmproxy-capture-cost-'))
/** Of the timers, in which batches are posted. */
let timersMs = 0
const clock = {
  ...systemClock,
  after: (delayMs, run) =>
    systemClock.after(delayMs, () => {
      const startedMs = performance.now()
      run()
      timersMs += performance.now() - startedMs
    }),
}
const writer = createCaptureWriter({
  settings: {
    ...{ mode: 'all', folder, recentBytes: 64e6, maxFileBytes: 256e6, maxTotalBytes: 5e9, minFreeBytes: 0 },
    sync: 'none',
  },
  ...{ clock, runKey: Buffer.from('key'), version: '0', onNotice: () => {} },
})
for (let i = 0; i < 5; i++) writer.learn(`sk-bench-${i}-0123456789abcdef`, 'provider-key')

const headers = Array.from({ length: 14 }, (_, i) => [`x-header-${i}`, `a value of header ${i}`])
const chunk = Buffer.from(
  `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" word"}}]}\n\n`,
)
const now = () => clock.monotonicNs()

function exchange(i) {
  const x = `x_0123456789${String(i).padStart(10, '0')}`
  const bytes = Buffer.from(
    JSON.stringify({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: `${i} `.padEnd(900, 'word ') }],
    }),
  )
  const startedMs = performance.now()
  writer.write({ k: 'xo', x, t: now(), ep: 'openai-chat' })
  writer.write({ k: 'h', x, l: 0, t: now(), m: 'POST', u: '/v1/chat/completions', ver: '1.1', hd: headers })
  writer.write({ k: 'b', x, l: 0, t: now(), bytes })
  writer.write({ k: 'e', x, l: 0, t: now(), why: 'eof' })
  writer.write({
    k: 's',
    x,
    t: now(),
    session: 's_1',
    turn: i,
    client_app: 'bench',
    requested_model: 'm',
    stream: true,
  })
  writer.write({
    ...{
      k: 'h',
      x,
      l: 2,
      a: 1,
      t: now(),
      m: 'POST',
      u: 'https://api.openai.com/v1/chat/completions',
      hd: headers,
    },
    ...{ be: 'openai', bt: 'openai', mod: 'm', pr: 'openai-chat' },
  })
  writer.write({ k: 'b', x, l: 2, a: 1, t: now(), bytes })
  writer.write({ k: 'e', x, l: 2, a: 1, t: now(), why: 'eof' })
  writer.write({ k: 'h', x, l: 3, a: 1, t: now(), st: 200, ver: '1.1', hd: headers })
  writer.write({ k: 'h', x, l: 1, t: now(), st: 200, ver: '1.1', hd: headers })
  const chunksAtMs = performance.now()
  for (let n = 0; n < chunksEach; n++) {
    writer.write({ k: 'b', x, l: 3, a: 1, t: now(), bytes: chunk })
    writer.write({ k: 'b', x, l: 1, t: now(), bytes: chunk })
  }
  const chunksMs = performance.now() - chunksAtMs
  writer.write({ k: 'e', x, l: 3, a: 1, t: now(), why: 'eof' })
  writer.write({ k: 'e', x, l: 1, t: now(), why: 'eof' })
  writer.write({
    ...{ k: 'u', x, t: now(), session: 's_1', turn: i, purpose: 'chat', stream: true, outcome: 'complete' },
    ...{ status: 200, requested_model: 'm' },
    attempts: [
      { n: 1, backend: 'openai', backend_type: 'openai', model: 'm', protocol: 'openai-chat', status: 200 },
    ],
  })
  return { wholeUs: (performance.now() - startedMs) * 1000, chunkUs: (chunksMs * 1000) / (2 * chunksEach) }
}

const costs = []
for (let i = 0; i < exchanges; i++) {
  const cost = exchange(i)
  if (i === warmUp) timersMs = 0
  if (i >= warmUp) costs.push(cost)
  // Paced, so that the thread keeps up as it does beside a proxy.
  if (i % 4 === 0) await pause(1)
}
const timersUs = (timersMs * 1000) / (exchanges - warmUp)
await writer.close()
const { dropped_records: dropped } = writer.state()
rmSync(folder, { recursive: true })

const at = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(values.length * part)]
const whole = costs.map(({ wholeUs }) => wholeUs)
const chunks = costs.map(({ chunkUs }) => chunkUs)
const exchangeUs = { p50: at(whole, 0.5), p99: at(whole, 0.99), inTimers: timersUs }
const sumUs = exchangeUs.p50 + timersUs
console.log(`an exchange of 1 kB and ${chunksEach} chunks: p50 ${exchangeUs.p50.toFixed(0)} µs, p99 ${exchangeUs.p99.toFixed(0)} µs, and ${timersUs.toFixed(0)} µs in timers
a chunk on one leg: p50 ${at(chunks, 0.5).toFixed(2)} µs, p99 ${at(chunks, 0.99).toFixed(2)} µs
dropped records: ${dropped}
bound ${boundUs} µs: ${sumUs <= boundUs ? 'kept' : 'broken'}
${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, exchanges: costs.length, exchangeUs, sumUs, dropped })}`)
process.exitCode = sumUs <= boundUs && dropped === 0 ? 0 : 1
