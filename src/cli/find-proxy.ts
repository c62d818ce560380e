import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ApiClient, apiClient } from './api-client.ts'
import { proxyAddress } from './proxy-address.ts'

export interface ProxyValues {
  url?: string | undefined
  'api-key'?: string | undefined
  config?: string | undefined
}

interface Place {
  host: string
  port: number
}

const usual: Place = { host: '127.0.0.1', port: 8000 }

/** The proxy that flags, environment and configuration mean, whether it runs or not. */
export async function findProxy(
  flags: ProxyValues,
  env: NodeJS.ProcessEnv,
  cwd: string = process.cwd(),
): Promise<ApiClient> {
  const configured = async () =>
    (await quickPlace(flags.config, env, cwd)) ?? loadedPlace(flags.config, env, cwd)
  const url = await proxyAddress({ flag: flags.url, env, configured })
  return apiClient(url, flags['api-key'] ?? (env.LLMPROXY_API_KEY || undefined))
}

/**
 * Where the proxy is, read without the schema of the whole configuration: that takes longer than all the rest of a
 * start. null: what is written there is not plain, and needs it.
 */
async function quickPlace(
  configPath: string | undefined,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Place | null> {
  if (env.LLMPROXY_HOST || env.LLMPROXY_PORT) return null
  const home = resolve(cwd, env.LLMPROXY_HOME || join(homedir(), '.llmproxy'))
  const isNamed = Boolean(configPath || env.LLMPROXY_CONFIG)
  if (!isNamed && ![home, cwd].some((folder) => existsSync(join(folder, 'config.yaml')))) return usual
  const { findFile, homeFolder } = await import('../config/find-file.ts')
  const { found } = await findFile({ configPath, env, cwd, home: homeFolder(env, cwd), implicit: true })
  if (found === null) return usual
  if (found.yaml.faults.length > 0) return null
  const { host = usual.host, port = usual.port } = (found.yaml.tree ?? {}) as Record<string, unknown>
  if (typeof host !== 'string' || typeof port !== 'number' || host.includes('$')) return null
  // What a file that nobody named may say of it is the loader's to judge.
  if (found.implicit && host !== usual.host) return null
  return { host, port }
}

async function loadedPlace(
  configPath: string | undefined,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Place> {
  const { loadConfig } = await import('../config/load.ts')
  const { config } = await loadConfig({ env, cwd, configPath, knownHosts: null })
  return config
}
