import { shownUrl } from '../../core/shown-url.ts'
import { type ApiClient, apiClient } from '../api-client.ts'
import { proxyAddress } from '../proxy-address.ts'
import { fromLedger, fromProxy, type OpenLedger, type Sources, type UsageSource } from './usage-source.ts'

export interface SourceValues {
  url?: string | undefined
  'api-key'?: string | undefined
  config?: string | undefined
  file?: string | undefined
}

/** What a usage command asks. */
export function usageSources(
  flags: SourceValues,
  env: NodeJS.ProcessEnv,
  openLedger: (path: string) => OpenLedger,
  say: (line: string) => void,
): Promise<Sources<UsageSource>> {
  const make = { fromProxy, fromLedger: (path: string) => fromLedger(openLedger(path)) }
  return findSources(flags, env, make, say)
}

/**
 * `--file` reads a ledger, `--url` and LLMPROXY_URL name a proxy. With none of them the proxy of the configuration is
 * asked, and where none runs, its ledger is read, which is said.
 */
export async function findSources<Source>(
  flags: SourceValues,
  env: NodeJS.ProcessEnv,
  make: { fromProxy: (client: ApiClient) => Source; fromLedger: (path: string) => Source | Promise<Source> },
  say: (line: string) => void,
): Promise<Sources<Source>> {
  const open = (path: string) => async () => make.fromLedger(path)
  if (flags.file !== undefined) return { proxy: null, ledger: open(flags.file), onLedger: () => {} }
  const isNamed = flags.url !== undefined || Boolean(env.LLMPROXY_URL)
  const configured = isNamed ? null : await configuration(flags.config, env)
  const url = await proxyAddress({
    ...{ flag: flags.url, env },
    configured: () => Promise.resolve(configured ?? { host: '127.0.0.1', port: 8000 }),
  })
  return {
    proxy: make.fromProxy(apiClient(url, flags['api-key'] ?? (env.LLMPROXY_API_KEY || undefined))),
    ledger: configured && open(configured.usage_tracking.persistence_path),
    onLedger: () =>
      say(
        `no proxy runs at ${url}; this is read from ${shownUrl(configured?.usage_tracking.persistence_path ?? '')}`,
      ),
  }
}

async function configuration(configPath: string | undefined, env: NodeJS.ProcessEnv) {
  const { loadConfig } = await import('../../config/load.ts')
  const { config } = await loadConfig({ env, cwd: process.cwd(), configPath, knownHosts: null })
  return config
}
