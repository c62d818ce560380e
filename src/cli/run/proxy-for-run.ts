import { type ApiClient, apiClient, ProxyAway } from '../api-client.ts'
import { probeProxy } from '../probe-proxy.ts'
import { localUrl, proxyAddress } from '../proxy-address.ts'

/** A proxy in this process. */
export interface CarriedProxy {
  url: string
  /** What it had to tell meanwhile: the terminal belongs to the client. */
  log(): readonly string[]
  close(): Promise<void>
}

export interface RunProxy {
  client: ApiClient
  /** Null: it runs elsewhere. */
  carried: CarriedProxy | null
}

export interface ProxySources {
  flags: { url?: string | undefined; 'api-key'?: string | undefined }
  env: NodeJS.ProcessEnv
  /** `host` and `port` of the configuration in force, which is never `./config.yaml`. */
  configured: () => Promise<{ host: string; port: number }>
  carry: () => Promise<CarriedProxy>
}

/** The proxy that runs, else one carried here. Throws `ProxyAway` where one was named and does not answer. */
export async function proxyForRun({ flags, env, configured, carry }: ProxySources): Promise<RunProxy> {
  const url = await proxyAddress({ flag: flags.url, env, configured })
  const accessKey = flags['api-key'] ?? (env.LLMPROXY_API_KEY || undefined)
  const found = await probeProxy(url)
  if (found.kind === 'llmproxy') return { client: apiClient(url, accessKey), carried: null }
  if (flags.url !== undefined || env.LLMPROXY_URL) throw new ProxyAway(url, found.kind)
  const carried = await carry()
  const { hostname, port } = new URL(carried.url)
  const here = localUrl(hostname.replace(/^\[|\]$/g, ''), Number(port))
  return { client: apiClient(here, accessKey), carried }
}
