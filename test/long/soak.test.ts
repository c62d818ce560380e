import { Agent } from 'node:http'
import { expect, test } from 'vitest'
import { type LoadClient, loadClient } from '../support/load-client.ts'
import { mixKinds, mixProtocols } from '../support/load-mix.ts'
import { medianOf, seededNumbers } from '../support/load-numbers.ts'
import { startLoadProvider } from '../support/load-provider.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'

const runsForMs = 120_000
const clients = 24
const sampleEveryMs = 1_000
/** As many as keep coming back: what the proxy remembers of each is then there before memory is compared. */
const conversations = 500
const seed = 20_260_101

test('mixed load for two minutes: every answer as it should be, no memory, exchange or socket left', async () => {
  const provider = await startLoadProvider()
  const key = 'load-test-key-0000000000'
  const proxy = await spawnProxy({
    config: {
      backends: {
        openai: { api_url: `${provider.url}/v1`, api_key: key },
        anthropic: { api_url: `${provider.url}/v1`, api_key: key },
        gemini: { api_url: `${provider.url}/v1beta`, api_key: key },
      },
    },
  })
  const agent = new Agent({ keepAlive: true })
  try {
    const socketsBefore = proxy.openSockets()
    const client: LoadClient = loadClient(proxy.url, agent)
    const random = seededNumbers(seed)
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T
    const endMs = performance.now() + runsForMs
    const faults: string[] = []
    let done = 0
    const one = async () => {
      while (performance.now() < endMs && faults.length < 20) {
        const kind = pick(mixKinds)
        const protocol = pick(mixProtocols)
        const fault = await client.live(protocol, kind, `conversation ${Math.floor(random() * conversations)}`)
        if (fault) faults.push(`${protocol.name} ${kind}: ${fault}`)
        done++
      }
    }
    const samplesMb: number[] = []
    const sampler = setInterval(() => samplesMb.push(proxy.rssMb()), sampleEveryMs)
    await Promise.all(Array.from({ length: clients }, one))
    clearInterval(sampler)

    const third = Math.floor(samplesMb.length / 3)
    const middleMb = medianOf(samplesMb.slice(third, 2 * third))
    const lastMb = medianOf(samplesMb.slice(2 * third))
    console.log(
      `${done} exchanges, seed ${seed}; memory: ${middleMb.toFixed(0)} MB in the middle, ` +
        `${lastMb.toFixed(0)} MB in the last third, ${Math.max(...samplesMb).toFixed(0)} MB at most`,
    )
    expect(faults).toEqual([])
    expect(lastMb - middleMb).toBeLessThan(15)

    agent.destroy()
    expect((await fetch(`${proxy.url}/healthz`, { headers: { connection: 'close' } })).status).toBe(200)
    await expect.poll(async () => (await provider.counts()).openConnections, { timeout: 15_000 }).toBe(0)
    await expect.poll(() => proxy.openSockets(), { timeout: 15_000 }).toBe(socketsBefore)
    expect(proxy.log()).not.toMatch(/a fault|monitor failed/)
    // An exchange that were still open would hold the end up for the grace of 30 s.
    const { exitCode, tookMs } = await proxy.stop()
    expect(exitCode).toBe(0)
    expect(tookMs).toBeLessThan(3_000)
  } finally {
    agent.destroy()
    await proxy.stop()
    await provider.stop()
  }
})
