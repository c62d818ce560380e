import { onTestFinished } from 'vitest'
import type { Attempt, Exchange, Leg } from '../../src/core/exchange.ts'
import type { Monitor } from '../../src/core/monitor.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { type OpenStream, openStream, type StreamOptions } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

export interface ScenarioOptions {
  /** How many backends the model `m` may fail over through: `openai.a`, `openai.b`… */
  targets?: number
  /** Their type; default: openai. */
  type?: 'openai' | 'anthropic' | 'gemini'
  /** Added to each backend's settings. */
  backend?: Record<string, unknown>
  /** Added to the configuration. */
  config?: Record<string, unknown>
  /** Where the backends are in place of the fake providers. */
  urls?: readonly string[]
  monitors?: readonly Monitor[]
  clock?: FakeClock
}

export interface Scenario {
  proxy: TestProxy
  clock: FakeClock
  providers: FakeProvider[]
  a: FakeProvider
  b: FakeProvider
  watch: Watch
  /** A chat call for model `m`. */
  chat(body?: Record<string, unknown>, options?: StreamOptions): Promise<OpenStream>
  post(path: string, body: unknown, options?: StreamOptions): Promise<OpenStream>
}

export const messages = [{ role: 'user', content: 'hi' }]

/** A real proxy with a clock that stands still, before scripted providers. Everything ends with the test. */
export async function startScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const clock = options.clock ?? new FakeClock()
  const type = options.type ?? 'openai'
  const names = ['a', 'b', 'c'].slice(0, options.targets ?? 1).map((letter) => `${type}.${letter}`)
  const providers = await Promise.all(['a', 'b', 'c'].map(() => startFakeProvider()))
  const watch = new Watch()
  const settings = names.map((name, i) => [
    name,
    {
      api_url: `${options.urls?.[i] ?? providers[i]?.url}/${type === 'gemini' ? 'v1beta' : 'v1'}`,
      api_key: `sk-key-of-${name}`,
      stream_usage: 'never',
      models: ['m'],
      ...options.backend,
    },
  ])
  const proxy = await startTestProxy({
    config: {
      backends: Object.fromEntries(settings),
      failover_routes: { m: names.map((name) => `${name}:m`) },
      logging: { level: 'error' },
      ...options.config,
    },
    clock,
    monitors: [watch, ...(options.monitors ?? [])],
  })
  const open: OpenStream[] = []
  const post = async (path: string, body: unknown, request: StreamOptions = {}) => {
    const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const stream = await openStream(proxy.url + path, { body: text, ...request })
    open.push(stream)
    return stream
  }
  onTestFinished(async () => {
    for (const stream of open) stream.abort()
    for (const provider of providers) await provider.close()
    const stopped = proxy.stop()
    // What is still open waits for the clock.
    for (let i = 0; i < 4; i++) await clock.advanceSlowly(2_000)
    await stopped
  })
  return {
    ...{ proxy, clock, providers, watch, post },
    a: providers[0] as FakeProvider,
    b: providers[1] as FakeProvider,
    chat: (body = {}, request) =>
      post('/v1/chat/completions', { model: 'm', messages, stream: true, ...body }, request),
  }
}

/** Resolves when a timer of so many milliseconds is started from now on. */
export function timerStarted(clock: FakeClock, delayMs: number): Promise<void> {
  const after = clock.after.bind(clock)
  return new Promise((resolve) => {
    clock.after = (ms, run) => {
      if (ms === delayMs) resolve()
      return after(ms, run)
    }
  })
}

/** A promise that a test settles, for a provider to wait for. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A monitor that tells a test when something has happened. */
export class Watch implements Monitor {
  readonly name = 'watch'
  readonly exchanges: Exchange[] = []
  readonly closedOnes: Exchange[] = []
  readonly heads: number[] = []
  readonly bytes: Record<Leg, string> = { CTP: '', PTB: '', BTP: '', PTC: '' }
  #waiting: { holds: () => boolean; resolve: () => void }[] = []

  opened(exchange: Exchange): void {
    this.exchanges.push(exchange)
    this.#look()
  }

  attempted(): void {
    this.#look()
  }

  answered(_exchange: Exchange, attempt: Attempt): void {
    this.heads.push(attempt.status ?? 0)
    this.#look()
  }

  passed(_exchange: Exchange, leg: Leg, bytes: Uint8Array): void {
    this.bytes[leg] += Buffer.from(bytes).toString('latin1')
    this.#look()
  }

  closed(exchange: Exchange): void {
    this.closedOnes.push(exchange)
    this.#look()
  }

  /** Resolves as soon as it holds; looked at with everything that happens in the proxy. */
  async until(holds: () => boolean): Promise<void> {
    if (!holds()) await new Promise<void>((resolve) => this.#waiting.push({ holds, resolve }))
    // The hook was called in the middle of the proxy's own step.
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** The n-th exchange to close, from 1. */
  async closedExchange(number = 1): Promise<Exchange> {
    await this.until(() => this.closedOnes.length >= number)
    return this.closedOnes[number - 1] as Exchange
  }

  /** Resolves when the backend's head has come, the n-th one. */
  head(number = 1): Promise<void> {
    return this.until(() => this.heads.length >= number)
  }

  #look(): void {
    for (const one of this.#waiting.filter(({ holds }) => holds())) one.resolve()
    this.#waiting = this.#waiting.filter(({ holds }) => !holds())
  }
}
