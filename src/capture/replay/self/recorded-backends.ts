import { isSensitiveHeader, sensitiveParameters } from '../../../core/secrets/sensitive-names.ts'
import { protocolNamed } from '../../../protocols/index.ts'
import { knownProtocol } from '../../view/protocol-of.ts'
import type { AttemptView, ExchangeView } from '../../view/view.ts'
import type { RecordedBackend, ReplayTarget } from '../ports.ts'

/** For requests whose host is not in the file; nobody is asked there. */
const nowhere = 'http://127.0.0.1:9'

interface Found {
  type: string
  apiUrl: string | null
  protocols: Set<string>
  credentials: Set<'ours' | 'other'>
}

/** What the recorder writes in the place of a key of its proxy's; a short key has no more than a beginning of it. */
const ourKey = /\bprov[a-z-]{0,8}-[0-9a-f]{4}\b/

/** Whose credential a provider was asked with. */
function credentialsOf({ ptb }: AttemptView): ('ours' | 'other')[] {
  const headers = (ptb?.headers ?? []).filter(([name]) => isSensitiveHeader(name) && name !== 'cookie')
  const inQuery = [...new URLSearchParams(ptb?.url?.split('?')[1] ?? '')].filter(([name]) =>
    sensitiveParameters.has(name.toLowerCase()),
  )
  return [...headers, ...inQuery].map(([, value]) => (ourKey.test(value) ? 'ours' : 'other'))
}

/** The backends that a recording asked, each with the address of its first request. */
export function recordedBackends(exchanges: readonly ExchangeView[]): RecordedBackend[] {
  const found = new Map<string, Found>()
  for (const attempt of exchanges.flatMap(({ attempts }) => attempts)) {
    const { backend, backendType, protocol } = attempt
    if (backend === null) continue
    // The original's files do not say what kind it is; its name does.
    const known = found.get(backend) ?? {
      type: backendType ?? backend.replace(/\..*$/s, ''),
      apiUrl: null,
      protocols: new Set(),
      credentials: new Set(),
    }
    found.set(backend, known)
    for (const whose of credentialsOf(attempt)) known.credentials.add(whose)
    if (protocol !== null) known.protocols.add(protocol)
    known.apiUrl ??= apiUrlOf(attempt)
  }
  return [...found].map(([name, { type, apiUrl, protocols, credentials }]) => ({
    ...{ name, type, protocols: [...protocols] },
    // Where both were used, none is: what a client's own got passes as it is.
    hasKey: credentials.has('ours') && !credentials.has('other'),
    // Of one that was never reached.
    apiUrl: apiUrl ?? `${nowhere}/v1`,
  }))
}

/** Those that an exchange tried, in that order, each once: whether one is tried again is for the proxy to decide. */
export function recordedTargets({ attempts }: ExchangeView): ReplayTarget[] {
  const targets = new Map<string, ReplayTarget>()
  for (const { backend, model } of attempts) {
    if (backend !== null) targets.set(`${backend}:${model}`, { backend, model })
  }
  return [...targets.values()]
}

/** What stands before the protocol's own path; null where that is not found. */
function apiUrlOf({ ptb, protocol, model }: AttemptView): string | null {
  const said = ptb?.url?.replace(/[?#].*$/s, '')
  const url = said?.startsWith('/') ? nowhere + said : said
  if (url === undefined || !/^https?:\/\//i.test(url)) return null
  const name = knownProtocol(protocol)
  const paths =
    name === null
      ? []
      : [true, false].map((stream) => protocolNamed(name).generation(model ?? '', stream).path)
  for (const path of paths) {
    // As it stands below `/v1`, which is a part of the address.
    const own = path.replace(/^\/v1(?:beta)?/, '')
    if (url.endsWith(own)) return url.slice(0, -own.length)
  }
  return /^https?:\/\/[^/]+(?:\/.*?\/v1(?:beta)?(?=\/)|\/v1(?:beta)?(?=\/))?/i.exec(url)?.[0] ?? null
}
