import { Agent } from 'node:http'
import type { Exchange } from '../../src/core/exchange.ts'
import {
  type FakeProvider,
  type RecordedRequest,
  type Script,
  startFakeProvider,
  whole,
} from '../support/fake-provider.ts'
import { openStream } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

/** One request to the provider, sent to it directly or through the proxy. */
export interface LegRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
  script: Script
}

/** What came of it: the answer, and every request that reached the provider for it. */
export interface LegResult {
  status: number
  headers: Record<string, string>
  /** As received, content-encoding included. */
  body: Buffer
  cut: boolean
  received: RecordedRequest[]
}

/** How the proxy's record of an exchange ended. */
export type Ending = Pick<Exchange, 'outcome' | 'incompleteReason'>

/** A provider that does as each request's script says, and a proxy in front of it with a backend per protocol. */
export class CorpusWorld {
  readonly proxy: TestProxy
  private readonly provider: FakeProvider
  private readonly endings: Endings
  private readonly scripts: Map<string, { script: Script; received: RecordedRequest[] }>
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 })
  private runs = 0

  private constructor(
    parts: Pick<CorpusWorld, 'proxy'> & {
      provider: FakeProvider
      endings: Endings
      scripts: CorpusWorld['scripts']
    },
  ) {
    this.proxy = parts.proxy
    this.provider = parts.provider
    this.endings = parts.endings
    this.scripts = parts.scripts
  }

  static async start(): Promise<CorpusWorld> {
    const scripts: CorpusWorld['scripts'] = new Map()
    const endings = new Endings()
    const provider = await startFakeProvider((request) => {
      const run = scripts.get(request.headers[runHeader] ?? '')
      // The proxy's own question for the models: nothing is listed.
      if (!run) return whole(404, { error: { message: 'nothing here' } })
      run.received.push(request)
      return run.script
    })
    const proxy = await startTestProxy({
      config: configFor(provider.origin),
      monitors: [{ name: 'endings', closed: (exchange) => endings.closed(exchange) }],
    })
    return new CorpusWorld({ proxy, provider, endings, scripts })
  }

  direct(request: LegRequest): Promise<LegResult> {
    return this.run(this.provider.origin, request)
  }

  /** Through the proxy, with how the exchange was recorded. */
  async proxied(request: LegRequest): Promise<LegResult & { ending: Ending }> {
    const result = await this.run(this.proxy.url, request)
    return { ...result, ending: await this.endings.of(result.headers['x-llmproxy-exchange'] ?? '') }
  }

  async stop(): Promise<void> {
    this.agent.destroy()
    await this.proxy.stop()
    await this.provider.close()
  }

  private async run(origin: string, request: LegRequest): Promise<LegResult> {
    const run = `r${this.runs++}`
    const received: RecordedRequest[] = []
    this.scripts.set(run, { script: request.script, received })
    const answer = await openStream(origin + request.path, {
      method: request.method,
      headers: { ...request.headers, [runHeader]: run },
      ...(request.body && { body: request.body }),
      agent: this.agent,
    })
    const parts: Buffer[] = []
    let cut = false
    try {
      for await (const { bytes } of answer.chunks) parts.push(bytes)
    } catch {
      cut = true
    }
    this.scripts.delete(run)
    this.provider.requests.length = 0
    return { status: answer.status, headers: answer.headers, body: Buffer.concat(parts), cut, received }
  }
}

/** Ties a request at the provider to who sent it. Unknown headers pass the proxy. */
export const runHeader = 'x-corpus-run'

/** The monitor's side: a client may have its answer before the exchange is closed. */
class Endings {
  private readonly known = new Map<string, Ending>()
  private readonly awaited = new Map<string, (ending: Ending) => void>()

  closed({ id, outcome, incompleteReason }: Exchange): void {
    const ending = { outcome, incompleteReason }
    const waiting = this.awaited.get(id)
    this.awaited.delete(id)
    if (waiting) waiting(ending)
    else this.known.set(id, ending)
  }

  of(id: string): Promise<Ending> {
    const known = this.known.get(id)
    this.known.delete(id)
    return known ? Promise.resolve(known) : new Promise((resolve) => this.awaited.set(id, resolve))
  }
}

function configFor(provider: string): object {
  const asked = { credentials: 'none' }
  return {
    logging: { level: 'error' },
    // Nothing that asks to wait is waited for.
    failure_handling: { max_wait_seconds: 0 },
    // None may feel what another met.
    health_check: { circuit_breaker_enabled: false },
    backends: {
      openai: { ...asked, api_url: `${provider}/v1`, stream_usage: 'never', passthrough: ['responses/*'] },
      anthropic: { ...asked, api_url: `${provider}/v1` },
      gemini: { ...asked, api_url: `${provider}/v1beta` },
      // The same as openai, but it asks for the usage that its client did not ask for.
      asking: { ...asked, api_url: `${provider}/v1`, protocols: ['openai-chat'], stream_usage: 'ask' },
    },
  }
}

/** Runs these with at most `atOnce` of them in the air. */
export async function each<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
  atOnce = 12,
): Promise<void> {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) await run(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
