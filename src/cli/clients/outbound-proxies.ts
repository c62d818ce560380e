import { exportLine } from './shell.ts'

const outbound = /^(?:http|https|all)_proxy$/i
const thisMachine = ['127.0.0.1', 'localhost', '::1']

/** Where the environment sends a program's calls out through an HTTP proxy, what keeps those to this machine from it. */
export function pastOutboundProxies(env: NodeJS.ProcessEnv): Record<string, string> {
  if (!Object.entries(env).some(([name, value]) => outbound.test(name) && value)) return {}
  // Programs read the one or the other.
  const listed = [env.NO_PROXY, env.no_proxy].flatMap((list) => (list ?? '').split(','))
  const named = listed.map((each) => each.trim()).filter((each) => each !== '')
  if (thisMachine.every((each) => named.includes(each))) return {}
  const all = [...new Set([...named, ...thisMachine])].join(',')
  return { NO_PROXY: all, no_proxy: all }
}

/** The same as lines for a shell; none where the proxy is on another machine. */
export function pastOutboundLines(env: NodeJS.ProcessEnv, url: string): string[] {
  if (!thisMachine.includes(new URL(url).hostname.replace(/^\[|\]$/g, ''))) return []
  return Object.entries(pastOutboundProxies(env)).map(([name, value]) => exportLine(name, value))
}
