import { Agent } from 'node:http'
import { expect, test } from 'vitest'
import { loadClient } from '../support/load-client.ts'
import { liveMemory } from '../support/load-live-memory.ts'
import { mixKinds, mixProtocols } from '../support/load-mix.ts'
import { seededNumbers } from '../support/load-numbers.ts'
import { startLoadProvider } from '../support/load-provider.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'

const runsForMs = 60_000
const clients = 24
/** As many as keep coming back: what the proxy remembers of each is there before memory is compared. */
const conversations = 500
const seed = 20_260_101
const mayGrowMb = 3
/** The proxy asks each backend for its models as it starts. */
const modelLists = 3

test('mixed load for a minute, as much as it takes: every answer as it should be, no memory, exchange or socket left', async () => {
  const provider = await startLoadProvider()
  const memory = liveMemory()
  const proxy = await spawnProxy({ config: configFor(provider.url), ...memory.options })
  const agent = new Agent({ keepAlive: true })
  try {
    const idle = async () => {
      const { served, openConnections } = await provider.counts()
      return served >= modelLists && openConnections === 0
    }
    await expect.poll(idle, { timeout: 15_000 }).toBe(true)
    const socketsBefore = proxy.openSockets()
    const client = loadClient(proxy.url, agent)
    const random = seededNumbers(seed)
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T
    const faults: string[] = []
    let done = 0
    const load = async (forMs: number) => {
      const endMs = performance.now() + forMs
      const liveOn = async () => {
        while (performance.now() < endMs && faults.length < 20) {
          const protocol = pick(mixProtocols)
          const kind = pick(mixKinds)
          const fault = await client.live(protocol, kind, `${Math.floor(random() * conversations)}`)
          if (fault) faults.push(`${protocol.name} ${kind}: ${fault}`)
          done++
        }
      }
      await Promise.all(Array.from({ length: clients }, liveOn))
    }

    await load(runsForMs / 3)
    const before = { rssMb: proxy.rssMb(), liveMb: await memory.mb(proxy.pid), done }
    await load((runsForMs * 2) / 3)
    const after = { rssMb: proxy.rssMb(), liveMb: await memory.mb(proxy.pid) }
    console.log(
      `${done} exchanges, seed ${seed}; held after ${before.done}: ${memoryText(before)}; at the end: ${memoryText(after)}`,
    )
    expect(faults).toEqual([])
    expect(after.liveMb - before.liveMb).toBeLessThan(mayGrowMb)

    agent.destroy()
    expect((await fetch(`${proxy.url}/healthz`, { headers: { connection: 'close' } })).status).toBe(200)
    await expect.poll(idle, { timeout: 15_000 }).toBe(true)
    await expect.poll(() => proxy.openSockets(), { timeout: 15_000 }).toBe(socketsBefore)
    expect(errorLines(proxy)).toEqual([])
    // An exchange that were still open would hold the end up for the grace of 30 s.
    const { exitCode, tookMs } = await proxy.stop()
    expect(exitCode).toBe(0)
    expect(tookMs).toBeLessThan(3_000)
  } finally {
    agent.destroy()
    await proxy.stop()
    await provider.stop()
    memory.remove()
  }
})

function configFor(providerUrl: string) {
  const key = 'load-test-key-0000000000'
  return {
    backends: {
      openai: { api_url: `${providerUrl}/v1`, api_key: key },
      anthropic: { api_url: `${providerUrl}/v1`, api_key: key },
      gemini: { api_url: `${providerUrl}/v1beta`, api_key: key },
    },
  }
}

function memoryText({ rssMb, liveMb }: { rssMb: number; liveMb: number }): string {
  return `${liveMb.toFixed(1)} MB live, ${rssMb.toFixed(0)} MB resident`
}

/** The first faults of its own that the proxy has logged. */
function errorLines(proxy: SpawnedProxy): string[] {
  const lines = proxy.log().split('\n')
  return lines.filter((line) => line.startsWith('{"level":"error"')).slice(0, 3)
}
