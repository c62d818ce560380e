import type { IncomingHttpHeaders } from 'node:http'
import type { ProviderFamily, StreamFraming } from '../../core/protocol.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

/** What a request to the demo asks for. */
export type Route =
  | { kind: 'generate'; protocol: Exclude<ProtocolName, 'gemini'> }
  | { kind: 'generate'; protocol: 'gemini'; model: string; stream: StreamFraming | null }
  | { kind: 'count'; protocol: ProtocolName; model: string | null }
  | { kind: 'models'; family: ProviderFamily; protocol: ProtocolName; model: string | null }
  | { kind: 'alive'; protocol: ProtocolName }
  | { kind: 'none'; protocol: ProtocolName }

const bodyRoutes: Record<string, Route> = {
  '/chat/completions': { kind: 'generate', protocol: 'openai-chat' },
  '/responses': { kind: 'generate', protocol: 'openai-responses' },
  '/responses/input_tokens': { kind: 'count', protocol: 'openai-responses', model: null },
  '/messages': { kind: 'generate', protocol: 'anthropic-messages' },
  '/messages/count_tokens': { kind: 'count', protocol: 'anthropic-messages', model: null },
}

/** Finds the route; a version prefix is not needed, but SDKs that add one work too. */
export function routeOf(method: string, target: string, headers: IncomingHttpHeaders): Route {
  const [pathname = '', ...query] = target.split('?')
  const searchParams = new URLSearchParams(query.join('?'))
  const path = pathname.replace(/^\/v1(?:beta)?(?=\/)/, '')
  const family = familyOf(pathname, searchParams, headers)
  const protocol = protocolOf[family]
  if (method === 'POST') {
    return (
      bodyRoutes[path] ?? geminiRoute(path, searchParams.get('alt') === 'sse') ?? { kind: 'none', protocol }
    )
  }
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'none', protocol }
  if (path === '/') return { kind: 'alive', protocol }
  const models = /^\/models(?:\/([^/]+))?$/.exec(path)
  if (!models) return { kind: 'none', protocol }
  return { kind: 'models', family, protocol, model: models[1] === undefined ? null : decoded(models[1]) }
}

const protocolOf: Record<ProviderFamily, ProtocolName> = {
  openai: 'openai-chat',
  anthropic: 'anthropic-messages',
  gemini: 'gemini',
}

/** Three providers have `GET /models`: told apart by what only the clients of one send. */
function familyOf(pathname: string, query: URLSearchParams, headers: IncomingHttpHeaders): ProviderFamily {
  if (headers['anthropic-version'] !== undefined || headers['x-api-key'] !== undefined) return 'anthropic'
  const hints = [
    headers['x-goog-api-key'] !== undefined,
    headers['x-goog-api-client'] !== undefined,
    pathname.startsWith('/v1beta/'),
    query.has('pageSize'),
    query.has('key'),
  ]
  return hints.includes(true) ? 'gemini' : 'openai'
}

/** `/models/{model}:{method}`: the model goes up to the last colon. */
function geminiRoute(path: string, sse: boolean): Route | undefined {
  const found = /^\/models\/(.+):([A-Za-z]+)$/.exec(path)
  const model = decoded(found?.[1] ?? '')
  switch (found?.[2]) {
    case 'generateContent':
      return { kind: 'generate', protocol: 'gemini', model, stream: null }
    case 'streamGenerateContent':
      return { kind: 'generate', protocol: 'gemini', model, stream: sse ? 'sse' : 'json-array' }
    case 'countTokens':
      return { kind: 'count', protocol: 'gemini', model }
    default:
      return undefined
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
