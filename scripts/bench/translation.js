// `npm run bench:translation`: what a chunk of a stream costs the proxy in processor time, translated and not, for
// every client protocol on every backend protocol, in one run. Exits 1 when one costs more than 4 × the same protocol.
import { Agent, request } from 'node:http'
import { parseArgs } from 'node:util'
import { spawnProxy } from '../../test/support/spawn-proxy.ts'
import { startChild } from './processes.js'
import { circumstances } from './report.js'
import { wireRequests } from './wire-frames.js'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, frames: { type: 'string', default: '400' } },
})
const rounds = Number(flags.rounds)
const frames = Number(flags.frames)
const streams = 32
const everyMs = 4
const limit = 4
const protocols = Object.keys(wireRequests)
const key = 'sk-bench-0000000000000000'

const about = circumstances({ rounds, frames, streams })
const provider = await startChild('stream-provider.js')
const proxy = await spawnProxy({
  config: {
    backends: Object.fromEntries(
      protocols.map((protocol) => [
        protocol,
        { type: 'vllm', api_url: `${provider.url}/v1`, api_key: key, protocols: [protocol], models: ['m'] },
      ]),
    ),
  },
})
const agent = new Agent({ keepAlive: true })

/** Reads a stream to its end and looks at nothing but that it is one. */
function ask(client, backend) {
  const { path, body } = wireRequests[client](
    `${backend}:m`,
    `bench-frames ${frames} ${everyMs} ${Math.random()}`,
  )
  return new Promise((resolve, reject) => {
    const sending = request(`${proxy.url}${path}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    sending.on('error', reject)
    sending.on('response', (answer) => {
      let bytes = 0
      answer.on('data', (piece) => {
        bytes += piece.length
      })
      answer.on('error', reject)
      answer.on('end', () =>
        answer.statusCode === 200 && bytes > frames * 20
          ? resolve()
          : reject(new Error(`${client} on ${backend}: status ${answer.statusCode}, ${bytes} bytes`)),
      )
    })
    sending.end(JSON.stringify(body))
  })
}

/** Microseconds of the proxy's processor time for each chunk. */
async function costUs(client, backend) {
  const before = proxy.cpuMs()
  await Promise.all(Array.from({ length: streams }, () => ask(client, backend)))
  return ((proxy.cpuMs() - before) * 1000) / (streams * frames)
}

const costs = new Map()
for (let round = -1; round < rounds; round++) {
  for (const backend of protocols) {
    for (const client of protocols) {
      const cost = await costUs(client, backend)
      // The first round warms up.
      if (round >= 0) costs.set(`${client} ${backend}`, [...(costs.get(`${client} ${backend}`) ?? []), cost])
    }
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const medianOf = (client, backend) => median(costs.get(`${client} ${backend}`))

console.log(
  `| client ↓ backend → (µs a chunk) | ${protocols.join(' | ')} |\n|---|${'---:|'.repeat(protocols.length)}`,
)
let worst = 0
for (const client of protocols) {
  const cells = protocols.map((backend) => {
    const ratio = medianOf(client, backend) / medianOf(backend, backend)
    worst = Math.max(worst, ratio)
    return `${medianOf(client, backend).toFixed(1)} (${ratio.toFixed(2)} ×)`
  })
  console.log(`| ${client} | ${cells.join(' | ')} |`)
}
console.log(`\nworst ${worst.toFixed(2)} × the same protocol, limit ${limit} ×\n\n${JSON.stringify(about)}`)
await proxy.stop()
await provider.stop()
agent.destroy()
process.exit(worst <= limit ? 0 : 1)
