import type { AccessKey, Connection, Machine } from '../clients/client.ts'
import { proxyAddress } from '../proxy-address.ts'
import { thisMachine } from './machine.ts'

/**
 * Where the proxy is, by which access key it is opened, and the machine whose clients are to reach it. `home` is
 * LLMPROXY_HOME. Never reads `./config.yaml`: a folder must not decide where a client's prompts go.
 */
export async function connectTo(
  url: string | undefined,
  apiKey: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<{ connection: Connection; machine: Machine; home: string }> {
  const { homeFolder } = await import('../../config/find-file.ts')
  const address = await proxyAddress({ flag: url, env, configured: () => configuredAddress(env) })
  return {
    connection: { url: address, accessKey: accessKey(apiKey, env) },
    machine: thisMachine(env),
    home: homeFolder(env, process.cwd()),
  }
}

async function configuredAddress(env: NodeJS.ProcessEnv): Promise<{ host: string; port: number }> {
  const { loadConfig } = await import('../../config/load.ts')
  const { config } = await loadConfig({ env, cwd: process.cwd(), implicit: false, knownHosts: null })
  return config
}

function accessKey(flag: string | undefined, env: NodeJS.ProcessEnv): AccessKey | null {
  if (flag !== undefined) return { value: flag, variable: null }
  return env.LLMPROXY_API_KEY ? { value: env.LLMPROXY_API_KEY, variable: 'LLMPROXY_API_KEY' } : null
}
