import { expect, test } from 'vitest'
import { quantileOf, spreadText } from '../support/load-numbers.ts'
import { startLoadProvider } from '../support/load-provider.ts'
import { readPacedStreams } from '../support/load-streams.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'

const streams = 512
const everyMs = 20
const seconds = 30

test(`${streams} streams of a frame each ${everyMs} ms arrive whole, in order and in time`, async () => {
  const provider = await startLoadProvider()
  const proxy = await spawnProxy({
    config: { backends: { openai: { api_url: `${provider.url}/v1`, api_key: 'sk-load-test-0000000000' } } },
  })
  const read = (url: string, forSeconds: number) =>
    readPacedStreams({
      ...{ url: `${url}/v1/chat/completions`, streams, everyMs },
      frames: (forSeconds * 1000) / everyMs,
    })
  try {
    const direct = await read(provider.url, seconds / 3)
    await read(proxy.url, 2) // code that has run before is what a proxy runs that lives for days
    const before = { cpuMs: proxy.cpuMs(), waitedMs: proxy.waitedMs(), atMs: performance.now() }
    const proxied = await read(proxy.url, seconds)
    const tookMs = performance.now() - before.atMs
    const percent = (partMs: number) => `${Math.round((partMs / tookMs) * 100)} %`

    const ms = (us: readonly number[]) => us.map((one) => one / 1000)
    const addedP99Ms = quantileOf(ms(proxied.delaysUs), 0.99) - quantileOf(ms(direct.delaysUs), 0.99)
    console.log(
      [
        `${streams} streams, ${seconds} s: ${proxied.delaysUs.length} frames`,
        `direct ms: ${spreadText(ms(direct.delaysUs), 2)}`,
        `proxied ms: ${spreadText(ms(proxied.delaysUs), 2)}; p99 added: ${addedP99Ms.toFixed(2)} ms`,
        `processor: ${percent(proxy.cpuMs() - before.cpuMs)} of a core; memory: ${Math.round(proxy.rssMb())} MB`,
        `kept from the processor by other programs: ${percent(proxy.waitedMs() - before.waitedMs)} of the time`,
      ].join('\n'),
    )
    expect(direct.faults).toEqual([])
    expect(proxied.faults).toEqual([])
    expect(proxied.delaysUs).toHaveLength((streams * seconds * 1000) / everyMs)
    expect(addedP99Ms).toBeLessThan(20)
  } finally {
    await proxy.stop()
    await provider.stop()
  }
})
