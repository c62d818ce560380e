import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { each, type LegRequest } from '../../corpus/corpus-world.ts'
import { type FakeProvider, type Script, startFakeProvider, whole } from '../../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

const runHeader = 'x-usage-run'

/** A provider that does as each request's script says, behind a proxy that keeps a ledger. */
export class LedgerWorld {
  private readonly proxy: TestProxy
  private readonly provider: FakeProvider
  private readonly scripts: Map<string, Script>
  private runs = 0

  private constructor(proxy: TestProxy, provider: FakeProvider, scripts: Map<string, Script>) {
    this.proxy = proxy
    this.provider = provider
    this.scripts = scripts
  }

  static async start(): Promise<LedgerWorld> {
    const scripts = new Map<string, Script>()
    const provider = await startFakeProvider(
      ({ headers }) =>
        scripts.get(headers[runHeader] ?? '') ?? whole(404, { error: { message: 'not here' } }),
    )
    const open = { credentials: 'none' }
    const proxy = await startTestProxy({
      ledger: true,
      config: {
        logging: { level: 'error' },
        failure_handling: { max_wait_seconds: 0 },
        // None may feel what another met.
        health_check: { circuit_breaker_enabled: false },
        backends: {
          openai: { ...open, api_url: `${provider.url}/v1`, stream_usage: 'never' },
          anthropic: { ...open, api_url: `${provider.url}/v1` },
          gemini: { ...open, api_url: `${provider.url}/v1beta` },
        },
      },
    })
    return new LedgerWorld(proxy, provider, scripts)
  }

  /** Sends all of these, many at once; the record of each, in their order. */
  async recordsOf(requests: readonly LegRequest[]): Promise<(UsageRecord | undefined)[]> {
    const ids = new Map<LegRequest, string>()
    await each(requests, async (request) => {
      ids.set(request, await this.send(request))
      this.provider.requests.length = 0
    })
    const records = await this.exported()
    return requests.map((request) => records.get(ids.get(request) ?? ''))
  }

  async stop(): Promise<void> {
    await this.proxy.stop()
    await this.provider.close()
  }

  private async send({ method, path, headers, body, script }: LegRequest): Promise<string> {
    const run = `r${this.runs++}`
    this.scripts.set(run, script)
    const answer = await fetch(this.proxy.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers, [runHeader]: run },
      ...(body && { body: new Uint8Array(body) }),
    })
    // A stream that the provider broke off is cut for us too.
    await answer.arrayBuffer().catch(() => {})
    this.scripts.delete(run)
    return answer.headers.get('x-llmproxy-exchange') ?? ''
  }

  /** A client may have its answer before the exchange is closed: asked until all are there. */
  private async exported(): Promise<Map<string, UsageRecord>> {
    const query = 'start_date=2000-01-01&end_date=2100-01-01&format=jsonl'
    for (;;) {
      const text = await (await fetch(`${this.proxy.url}/v1/usage/export?${query}`)).text()
      const records = text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as UsageRecord] : []))
      if (records.length >= this.runs) return new Map(records.map((record) => [record.id, record]))
    }
  }
}
