// `npm run record:top`: the minute that `llmproxy top --demo` plays (src/tui/demo/recorded-minute.ts). A built proxy
// passes what agents ask of providers that are made up; what its `GET /internal/live` answers, once a second, is the
// recording. It takes six and a half minutes, for the windows of its first second reach five minutes back.
import { setMaxListeners } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { ask } from '../test/e2e/top-scene/clients.ts'
import { startProviders } from '../test/e2e/top-scene/providers.ts'
import { spawnProxy } from '../test/support/spawn-proxy.ts'
import { prepare, root } from './prepare.js'
import { playStory } from './record-top/story.js'

const recordedS = 60
/** With another number of seconds as argument a shorter one is made, to look at. */
const beforeS = Number(process.argv[2] ?? 325)
const mostRows = 60

prepare()
const providers = await startProviders(limits)
const proxy = await spawnProxy({
  config: {
    backends: providers.backends,
    health_check: { ping: { enabled: false }, http: { enabled: false } },
    // So that a trial of the backend that fails falls into the minute.
    resilience: { circuit_breaker: { open_seconds: 18.5 } },
    failure_handling: { max_wait_seconds: 0 },
  },
})
const ending = new AbortController()
setMaxListeners(0, ending.signal)
const playing = playStory(
  beforeS,
  (asked) => ask(proxy.url, { ...asked, signal: ending.signal }),
  ending.signal,
)
try {
  const snapshots = await recorded()
  const path = join(root, 'src', 'tui', 'demo', 'recorded-minute.ts')
  const text = moduleText(snapshots)
  writeFileSync(path, text)
  console.log(`${path}: ${(text.length / 1e3).toFixed(1)} kB, ${snapshots.length} snapshots`)
} finally {
  ending.abort()
  await playing
  await proxy.stop()
  await providers.close()
}

async function recorded() {
  const beganMs = performance.now() + beforeS * 1_000
  const snapshots = []
  // Told today's cost for the first time, a proxy has to look it up.
  await live()
  for (let second = 0; second < recordedS; second++) {
    await pause(Math.max(0, beganMs + second * 1_000 - performance.now()))
    snapshots.push(await live())
  }
  return snapshots
}

async function live() {
  const answer = await fetch(`${proxy.url}/internal/live?limit=${mostRows}`)
  return await answer.json()
}

/** What answers say of their provider's limits. */
function limits(backend, asked) {
  const resetsAt = (ms) => new Date(Date.now() + ms).toISOString()
  if (backend === 'anthropic') {
    return {
      'anthropic-ratelimit-input-tokens-limit': '2000000',
      'anthropic-ratelimit-input-tokens-remaining': String(Math.max(0, 720_000 - asked * 4_000)),
      'anthropic-ratelimit-input-tokens-reset': resetsAt(40_000),
    }
  }
  if (backend !== 'openai') return {}
  return {
    'x-ratelimit-limit-tokens': '800000',
    'x-ratelimit-remaining-tokens': String(Math.max(0, 600_000 - (asked % 12) * 21_000)),
    'x-ratelimit-reset-tokens': '38s',
  }
}

function moduleText(snapshots) {
  const lines = snapshots.map((snapshot) => JSON.stringify(snapshot)).join('\n')
  // One snapshot is much like the one before: the window has room for all of them.
  const packed = brotliCompressSync(lines, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: lines.length,
    },
  })
  return `// Made by \`npm run record:top\`: what a proxy's \`GET /internal/live\` answered in each second of a minute, one JSON a line,
// in Brotli and base64. \`llmproxy top --demo --json\` prints one of them.
export const recordedMinute =
  '${packed.toString('base64')}'
`
}
