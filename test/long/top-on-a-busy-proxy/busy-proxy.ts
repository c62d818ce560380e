import { setMaxListeners } from 'node:events'
import { type Asked, ask, clients } from '../../e2e/top-scene/clients.ts'
import { startProviders } from '../../e2e/top-scene/providers.ts'
import { type SpawnedProxy, spawnProxy } from '../../support/spawn-proxy.ts'

export interface BusyProxy {
  readonly proxy: SpawnedProxy
  /** Kills it, and starts another one at its port. */
  kill(): Promise<void>
  startAgain(): Promise<void>
  close(): Promise<void>
}

/** Asked again and again: quick ones, whole and in pieces, priced and unpriced, failing and failed over. */
const again: readonly Asked[] = [
  {
    ...{ client: clients.claudeCode, model: 'claude-haiku-4-5', session: 's-haiku' },
    play: { firstMs: 40, tokens: 40, promptTokens: 12_345, cachedTokens: 11_000, tool: 'Read' },
  },
  { client: clients.python, model: 'openai.batch:gpt-5-mini', play: { tokens: 20, promptTokens: 480 } },
  {
    ...{ client: clients.opencode, model: 'openrouter:no-such-model', session: 's-failing' },
    play: { status: 502, failsAt: 'openrouter' },
  },
  {
    ...{ client: clients.geminiCli, model: 'gemini:gemini-2.5-pro|openai:gpt-5', session: 's-gemini' },
    play: { status: 503, failsAt: 'gemini', retryAfter: '2', tokens: 30, promptTokens: 2_000 },
  },
  { client: clients.codex, model: 'demo:echo', session: 's-demo', play: {} },
  {
    ...{ client: clients.opencode, model: 'openai:no-price-for-this', session: 's-unpriced' },
    play: { tokens: 50, promptTokens: 900, tokensPerSecond: 200 },
  },
]

/** In flight all the while. */
const held: readonly Asked[] = [
  // Nothing comes any more in the midst of its answer.
  {
    ...{ client: clients.claudeCode, model: 'claude-sonnet-4-5', session: 's-silent' },
    play: { tokens: 400, tokensPerSecond: 2_000, silentMs: -1, promptTokens: 20_000, cachedTokens: 19_000 },
  },
  {
    ...{ client: clients.codex, model: 'gpt-5', session: 's-long' },
    play: { tokens: 20_000, tokensPerSecond: 40, promptTokens: 3_000 },
  },
]

/** Built, with a configuration; agents ask it until it is closed, dead or alive. */
export async function busyProxy(): Promise<BusyProxy> {
  const providers = await startProviders((backend) =>
    backend === 'openai' ? { 'x-ratelimit-limit-tokens': '1000', 'x-ratelimit-remaining-tokens': '275' } : {},
  )
  const config = {
    backends: providers.backends,
    health_check: { ping: { enabled: false }, http: { enabled: false } },
    failure_handling: { max_wait_seconds: 0 },
  }
  const leaving = new AbortController()
  setMaxListeners(0, leaving.signal)
  let proxy = await spawnProxy({ config })
  const { url } = proxy
  const asks = (asked: Asked) => ask(url, { ...asked, signal: leaving.signal })
  // Its client runs a tool from now on.
  await asks({
    ...{ client: clients.aider, model: 'openai:gpt-5', session: 's-tools' },
    play: { tokens: 30, promptTokens: 1_200, tool: 'Bash' },
  })
  const asking = [...held.map(asks), ...[0, 3].map((from) => keepBusy(from))]

  async function keepBusy(from: number): Promise<void> {
    for (let turn = from; !leaving.signal.aborted; turn++) await asks(again[turn % again.length] as Asked)
  }

  return {
    get proxy() {
      return proxy
    },
    async kill() {
      process.kill(proxy.pid, 'SIGKILL')
      await proxy.stop()
    },
    async startAgain() {
      proxy = await spawnProxy({ config, port: Number(new URL(url).port) })
    },
    async close() {
      leaving.abort()
      await Promise.all(asking)
      await proxy.stop()
      await providers.close()
    },
  }
}
