// `npm run bench:capture`: how small a capture is of what an agent sends (reference §3.6): 60 turns with a system prompt
// of 30 kB and 2 kB a turn, as the client sent them and as the backend got them. Every body is put together again and
// compared. Exits 1 when one is not the same or all are not 30 times smaller.
import { hash } from 'node:crypto'
import { cpus } from 'node:os'
import { piecesOf } from '../src/capture/dedup/pieces.ts'
import { agentSession, longSession } from '../test/capture/dedup/agent-session.ts'
import { StoredBodies } from '../test/capture/dedup/stored-bodies.ts'

const leastRatio = 30
const rounds = 5
const sha256 = (bytes) => hash('sha256', bytes, 'hex')

const stored = new StoredBodies()
let rawBytes = 0
let bodies = 0
let different = 0
let last
for (const { ctp, ptb } of agentSession(longSession)) {
  for (const body of [ctp, ptb]) {
    rawBytes += body.length
    bodies++
    if (sha256(stored.roundTrip(body)) !== sha256(body)) different++
    last = body
  }
}

/** A body that is 97 kB long, all parts of which are known but those of its last turn. */
const body = [...agentSession({ ...longSession, turns: 34 })].at(-1).ctp
const tookMs = []
for (let round = 0; round < rounds * 40; round++) {
  const startedMs = performance.now()
  piecesOf(body)
  tookMs.push(performance.now() - startedMs)
}
const median = tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length / 2)]

const ratio = rawBytes / stored.storedBytes
console.log(`bodies          ${bodies}, the last one of ${last.length} bytes
raw bytes       ${rawBytes}
stored bytes    ${stored.storedBytes} in ${stored.blobs} blobs, plain bytes and references
ratio           ${ratio.toFixed(1)} (at least ${leastRatio})
cut and hashed  ${median.toFixed(3)} ms for a body of ${body.length} bytes (median of ${tookMs.length})
different       ${different}
${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, date: new Date().toISOString().slice(0, 10) })}`)
process.exitCode = different === 0 && ratio >= leastRatio ? 0 : 1
