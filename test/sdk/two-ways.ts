import { type FakeProvider, type RecordedRequest, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { surfaces } from './surfaces.ts'

/** A fake provider that is reached directly and through a proxy without any configuration. */
export interface TwoWays {
  fake: FakeProvider
  proxy: TestProxy
  stop(): Promise<void>
}

export async function startTwoWays(): Promise<TwoWays> {
  const fake = await startFakeProvider()
  const instead = Object.fromEntries(surfaces.map(({ host }) => [host, fake.origin]))
  // No call may feel what another met.
  const proxy = await startTestProxy({ instead, env: { HEALTH_CHECK_CIRCUIT_BREAKER_ENABLED: 'false' } })
  return {
    fake,
    proxy,
    async stop() {
      await proxy.stop()
      await fake.close()
    },
  }
}

/** What a provider is asked, less the headers that a hop may change. */
export function comparableRequest(request: RecordedRequest, keyHeader: string): Record<string, unknown> {
  const { method, url, headers, body } = request
  const same = [keyHeader, 'content-type', 'accept', 'user-agent', 'anthropic-version', 'x-goog-api-client']
  const kept = Object.fromEntries(same.map((name) => [name, headers[name]]))
  return { method, url, headers: kept, body: body.toString() }
}
