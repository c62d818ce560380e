import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import type { RecordedRequest } from '../support/provider/recorded-request.ts'
import { startTestProxy, type TestProxy, type TestProxyOptions } from '../support/start-proxy.ts'
import { Asker } from './clients.ts'
import { answerAs, type Host, hosts } from './hosts.ts'

/** A proxy between clients and a fake in the place of every provider. */
export interface World {
  proxy: TestProxy
  client: Asker
  fakes: ReadonlyMap<string, FakeProvider>
  /** Origin → the fake's origin; may be changed while the proxy runs. */
  instead: Record<string, string>
  /** The types of the hosts that were sent a request with this text in its body, in alphabetical order. */
  reached(text: string): string[]
  stop(): Promise<void>
}

export async function startWorld(options: Omit<TestProxyOptions, 'instead'> = {}): Promise<World> {
  const fakes = new Map<string, FakeProvider>()
  const instead: Record<string, string> = {}
  for (const host of hosts) {
    const fake = await startFakeProvider(answerAs(host))
    fakes.set(host.type, fake)
    instead[host.origin] = fake.origin
  }
  const proxy = await startTestProxy({ ...options, instead })
  const client = new Asker(proxy.url)
  return {
    ...{ proxy, client, fakes, instead },
    reached: (text) =>
      [...fakes]
        .filter(([, fake]) => fake.requests.some(({ body }) => body.includes(text)))
        .map(([type]) => type)
        .sort(),
    async stop() {
      await client.close()
      await proxy.stop()
      await Promise.all([...fakes.values()].map((fake) => fake.close()))
    },
  }
}

/** A `backends` section that names every host, with more for each. */
export function everyBackend(more: (host: Host) => object): Record<string, object> {
  return Object.fromEntries(
    hosts.map((host) => [
      host.type,
      { ...(host.apiUrl === undefined ? {} : { api_url: host.apiUrl }), ...more(host) },
    ]),
  )
}

/** Monitoring must not part the hosts by itself while the test lets them fail. */
export const noMonitoring = {
  health_check: { enabled: false, circuit_breaker_enabled: false },
  resilience: { circuit_breaker: { enabled: false } },
}

const credentialHeaders = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key']

/** Everything of a request that could open a provider, by its place. */
export function credentialsIn(request: RecordedRequest): Record<string, string> {
  const found = credentialHeaders.flatMap((name) =>
    request.headers[name] === undefined ? [] : [[name, request.headers[name]]],
  )
  const query = new URL(request.url, 'http://host').searchParams
  for (const name of ['key', 'api_key']) if (query.has(name)) found.push([`?${name}`, query.get(name) ?? ''])
  return Object.fromEntries(found)
}

/** A request as it was on the wire, and its URL decoded, for a search. */
function wireText(request: RecordedRequest): string {
  const headers = request.rawHeaders.map(([name, value]) => `${name}: ${value}`)
  return [request.url, decodeURIComponent(request.url), ...headers, request.body.toString('latin1')].join(
    '\n',
  )
}

/** `TYPE has SECRET` for each secret that a host was sent and `mayHave` does not allow it. */
export function leaks(
  fakes: ReadonlyMap<string, FakeProvider>,
  secrets: readonly string[],
  mayHave: (type: string, secret: string) => boolean = () => false,
): string[] {
  const found = new Set<string>()
  for (const [type, fake] of fakes) {
    const forbidden = secrets.filter((secret) => !mayHave(type, secret))
    for (const request of fake.requests) {
      const text = wireText(request)
      for (const secret of forbidden) {
        if (text.includes(secret)) found.add(`${type} has ${secret} in ${request.method} ${request.url}`)
      }
    }
  }
  return [...found]
}
