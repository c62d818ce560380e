import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'

/** Where a command finds the proxy, in the order of trust: said, in the environment, configured, usual. */
export interface AddressSources {
  flag: string | undefined
  env: NodeJS.ProcessEnv
  /** `host` and `port` of the configuration found. Asked only when nothing else says where. */
  configured: () => Promise<{ host: string; port: number }>
}

/** The proxy's address without a trailing slash. */
export async function proxyAddress({ flag, env, configured }: AddressSources): Promise<string> {
  if (flag !== undefined) return checked(flag, '--url')
  if (env.LLMPROXY_URL) return checked(env.LLMPROXY_URL, 'LLMPROXY_URL')
  const { host, port } = await configured()
  return localUrl(host, port)
}

/** The address by which this machine reaches what is bound to `host`: "every interface" is no destination. */
export function localUrl(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

function checked(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new Failure(
      `${source} must be an address such as http://127.0.0.1:8000, not ${text}`,
      exitCodes.usage,
    )
  }
  return url.href.replace(/\/+$/, '')
}
