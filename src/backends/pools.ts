import { Client, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'

/** Connections to providers: one pool per origin, kept for the life of the process. */
export interface Pools {
  dispatcherFor(origin: string): Dispatcher
  /** A connection that nothing used before, for a request that an idle connection lost. Closes after one request. */
  freshConnection(origin: string): Dispatcher
  close(): Promise<void>
}

export interface PoolSettings {
  env: NodeJS.ProcessEnv
  /** Where to really connect for an origin; tests put fake providers in a provider's place. What it throws is why nobody is reached. */
  dial?: (origin: string) => string
}

// All timers are ours (undici's are ±1 s); the connect timeout is only a backstop behind the attempt's own.
// Idle connections: 4 s, or what the provider's `keep-alive: timeout` says minus 1 s.
const connectionOptions = {
  pipelining: 1,
  keepAliveTimeout: 4_000,
  keepAliveMaxTimeout: 600_000,
  keepAliveTimeoutThreshold: 1_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: 65_536,
  connect: { timeout: 120_000 },
} as const

export function createPools({ env, dial = (origin) => origin }: PoolSettings): Pools {
  const pools = new Map<string, Pool>()
  const fresh = new Set<Client>()
  const outboundProxy = usesOutboundProxy(env) ? new EnvHttpProxyAgent({ ...connectionOptions }) : undefined

  return {
    dispatcherFor(origin) {
      const at = dial(origin)
      if (outboundProxy && !isLoopback(at)) return outboundProxy
      let pool = pools.get(at)
      if (!pool) {
        pool = new Pool(at, { ...connectionOptions, connections: null })
        pools.set(at, pool)
      }
      return pool
    },
    freshConnection(origin) {
      const at = dial(origin)
      if (outboundProxy && !isLoopback(at)) return outboundProxy
      const client = new Client(at, { ...connectionOptions, maxRequestsPerClient: 1, keepAliveTimeout: 1 })
      fresh.add(client)
      client.on('disconnect', () => fresh.delete(client))
      client.on('connectionError', () => fresh.delete(client))
      return client
    },
    async close() {
      await Promise.all([...pools.values(), ...fresh].map((dispatcher) => dispatcher.destroy()))
      await outboundProxy?.destroy()
    },
  }
}

function usesOutboundProxy(env: NodeJS.ProcessEnv): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => Boolean(env[name]))
}

function isLoopback(origin: string): boolean {
  const host = new URL(origin).hostname
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
