import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bulkPieces } from '../support/load-answers.ts'
import { type LoadProvider, startLoadProvider } from '../support/load-provider.ts'
import { openStream } from '../support/raw-client.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'

const stopsForMs = 30_000
const waitingBytes = 100_000_000
const warmUpBytes = 30_000_000
const sampleEveryMs = 500

let provider: LoadProvider
beforeAll(async () => {
  provider = await startLoadProvider()
})
afterAll(() => provider.stop())

/** The sum and the number of the bytes that a client must get. */
function expected(bytes: number, withUsage: boolean) {
  const hash = createHash('sha1')
  let length = 0
  for (const piece of bulkPieces(bytes, withUsage)) {
    hash.update(piece)
    length += piece.length
  }
  return { length, sum: hash.digest('hex') }
}

function open(url: string, bytes: number, encoding: string, asksForUsage: boolean) {
  return openStream(`${url}/v1/chat/completions`, {
    headers: { 'fake-answer': `bulk ${bytes} ${encoding}`, 'accept-encoding': 'gzip' },
    body: JSON.stringify({
      model: 'gpt-load',
      stream: true,
      ...(asksForUsage && { stream_options: { include_usage: true } }),
      messages: [{ role: 'user', content: 'tell me everything' }],
    }),
  })
}

/** Reads the first piece, then `meanwhile`, then all the rest. */
async function read(stream: Awaited<ReturnType<typeof open>>, meanwhile: () => Promise<void>) {
  const hash = createHash('sha1')
  let length = 0
  for await (const { bytes } of stream.chunks) {
    hash.update(bytes)
    if (length === 0) await meanwhile()
    length += bytes.length
  }
  return { length, sum: hash.digest('hex') }
}

test.concurrent.each([
  { name: 'as it comes', encoding: 'identity', asksForUsage: true },
  { name: 'less the usage chunk that only we asked for', encoding: 'identity', asksForUsage: false },
  { name: 'gzipped by the provider', encoding: 'gzip', asksForUsage: true },
  { name: 'gzipped, less the usage chunk', encoding: 'gzip', asksForUsage: false },
])('a reader that stops costs no memory, and then gets every byte: a stream $name', async (stream) => {
  const { name, encoding, asksForUsage } = stream
  const proxy = await spawnProxy({
    config: {
      backends: { openai: { api_url: `${provider.url}/v1`, api_key: 'sk-load-test-0000000000' } },
      // Often, for none may get between the bytes: a reader that is behind hears no silence.
      failure_handling: { keepalive_seconds: 1 },
    },
  })
  try {
    const usageAsked = (await provider.counts()).usageAsked
    // Until the heap is as large as such streams make it: what it grows by later is what waits.
    for (let round = 0; round < 6; round++) {
      const warmUp = await open(proxy.url, warmUpBytes, encoding, asksForUsage)
      await read(warmUp, async () => {})
    }
    const beforeMb = proxy.rssMb()
    const samplesMb: number[] = []
    const opened = await open(proxy.url, waitingBytes, encoding, asksForUsage)
    const got = await read(opened, async () => {
      for (let waited = 0; waited < stopsForMs; waited += sampleEveryMs) {
        await new Promise((resolve) => setTimeout(resolve, sampleEveryMs))
        samplesMb.push(proxy.rssMb())
      }
    })
    const grownMb = Math.max(...samplesMb) - beforeMb
    console.log(
      `${name}: ${beforeMb.toFixed(1)} MB before, at most ${grownMb.toFixed(1)} MB more while ` +
        `${(waitingBytes / 1e6).toFixed(0)} MB waited, ${proxy.rssMb().toFixed(1)} MB after`,
    )
    expect(opened.headers['content-encoding']).toBeUndefined()
    expect(got).toEqual(expected(waitingBytes, asksForUsage))
    expect(grownMb).toBeLessThan(10)
    // Whoever asked, the provider was: so the client without the chunk is one from whom it was kept.
    expect((await provider.counts()).usageAsked - usageAsked).toBeGreaterThanOrEqual(3)
  } finally {
    await proxy.stop()
  }
})
