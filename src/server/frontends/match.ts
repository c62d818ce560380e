import { presetOfType } from '../../backends/index.ts'
import type { Backend } from '../../core/backend.ts'
import { ProxyError } from '../../core/errors.ts'
import { type HeaderPairs, headerValue } from '../../core/http.ts'
import { nearest } from '../../core/nearest.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import type { FrontendRoute } from '../../proxy/call.ts'
import { matchGemini } from './match-gemini.ts'

interface Split {
  pinned: Backend | null
  /** Raw, behind the pinned backend's name. */
  path: string
  query: string
}

/** The paths of the generation routes, behind the version prefix. */
const generationPaths: Readonly<Record<string, { protocol: ProtocolName; kind: FrontendRoute['kind'] }>> = {
  'chat/completions': { protocol: 'openai-chat', kind: 'generate' },
  responses: { protocol: 'openai-responses', kind: 'generate' },
  'responses/input_tokens': { protocol: 'openai-responses', kind: 'count_tokens' },
  messages: { protocol: 'anthropic-messages', kind: 'generate' },
  'messages/count_tokens': { protocol: 'anthropic-messages', kind: 'count_tokens' },
}

/** Of the proxy's own API below `/v1/`: never a provider's, whatever it may have there. */
const ownPaths = /^(?:usage|replacement|capabilities)(?:\/|$)/

/**
 * What a request to a frontend is, from its method, raw URL and headers alone. Errors: `unknown_route`,
 * `unknown_backend`, `method_refused`, `upgrade_refused` (Codex then falls back to HTTP at once), `bad_path`.
 */
export function matchFrontend(
  method: string,
  rawUrl: string,
  headers: HeaderPairs,
  backends: ReadonlyMap<string, Backend>,
): FrontendRoute {
  const split = splitUrl(rawUrl, backends)
  // Others ask for HTTP/2 in passing (`h2c`, as Java's client does) and are content to go on without.
  if (/websocket/i.test(headerValue(headers, 'upgrade') ?? '')) {
    throw new ProxyError(
      'upgrade_refused',
      'this proxy speaks plain HTTP with server-sent events, not WebSocket',
    )
  }
  const versioned = /^\/v1(?:beta)?(?:\/|$)/.test(split.path)
  if (!versioned && !split.pinned) throw unknownRoute(method, rawUrl, [...backends.keys()])
  const rest = split.path.replace(/^\/(?:v1(?:beta)?(?:\/|$))?/, '')
  if (!split.pinned && ownPaths.test(rest)) throw unknownRoute(method, rawUrl, [])
  const gemini = matchGemini(rest, split.query)
  const { pinned, path, query } = split
  if (gemini) return onlyPost(method, { pinned, path, query, protocol: 'gemini', ...gemini })
  const known = Object.hasOwn(generationPaths, rest) ? generationPaths[rest] : undefined
  if (known) {
    const { protocol, kind } = known
    return onlyPost(method, { pinned, path, query, protocol, kind, inPath: null })
  }
  return { ...split, protocol: protocolOfOthers(split, headers), kind: 'other', inPath: null }
}

/** Everything else that the proxy answers itself: no client's protocol, whatever headers a client sends along. */
const ownApi =
  /^\/(?:$|(?:internal|metrics|healthz|readyz|openapi\.json|v1\/(?:usage|replacement|capabilities))(?:\/|$))/

/** The protocol whose error shape fits a request that could not be matched. */
export function protocolOfPath(rawUrl: string, headers: HeaderPairs): ProtocolName {
  const path = rawUrl.split('?')[0] ?? ''
  if (ownApi.test(path)) return 'openai-chat'
  if (/\/messages(?:$|\/)/.test(path) || headerValue(headers, 'anthropic-version') !== undefined) {
    return 'anthropic-messages'
  }
  if (
    path.includes('/v1beta/') ||
    namesGeminiMethod(path) ||
    headerValue(headers, 'x-goog-api-key') !== undefined
  )
    return 'gemini'
  return /\/responses(?:$|\/)/.test(path) ? 'openai-responses' : 'openai-chat'
}

/** `models/g:embedContent`, but not `models/ft:gpt-4o:acme::id`, which OpenAI's clients ask for. */
function namesGeminiMethod(path: string): boolean {
  const method = path.slice(path.lastIndexOf(':') + 1)
  return path.includes('/models/') && /^[a-z]{0,20}(?:contents?|tokens|predict[a-z]{0,20})$/i.test(method)
}

function splitUrl(rawUrl: string, backends: ReadonlyMap<string, Backend>): Split {
  const origin = /^https?:\/\/[^/?]*/i.exec(rawUrl)?.[0] ?? ''
  const target = rawUrl.slice(origin.length) || '/'
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const query = question < 0 ? '' : target.slice(question)
  const first = /^\/([^/]+)/.exec(path)?.[1] ?? ''
  const pinned = backends.get(first) ?? null
  return { pinned, path: pinned ? path.slice(first.length + 1) || '/' : path, query }
}

/** Untouched paths go to the backend of the client's family (`spec/http-api.md`). */
function protocolOfOthers({ pinned, path, query }: Split, headers: HeaderPairs): ProtocolName {
  if (pinned) return pinned.protocols[0] ?? 'openai-chat'
  return protocolOfPath(path + query, headers)
}

function onlyPost(method: string, route: FrontendRoute): FrontendRoute {
  if (method === 'POST') return route
  // `GET /v1/responses` and the like are the provider's other routes.
  if (route.protocol !== 'gemini' && method !== 'HEAD') return { ...route, kind: 'other' }
  throw new ProxyError('method_refused', `${method} is not possible here; use POST`)
}

function unknownRoute(method: string, rawUrl: string, backendNames: readonly string[]): ProxyError {
  const path = rawUrl.split('?')[0] ?? ''
  const [, name] = /^\/([^/]+)\/v1(?:beta)?(?:\/|$)/.exec(path) ?? []
  if (name !== undefined) {
    const near = nearest(name, backendNames)
    return new ProxyError(
      'unknown_backend',
      `no backend is called "${name}"; ${nextStep(name, near, backendNames)}`,
    )
  }
  const hint = 'clients use /v1/…, /v1beta/… or /BACKEND/v1/… with the name of a configured backend'
  return new ProxyError('unknown_route', `there is no route ${method} ${path}; ${hint}`)
}

function nextStep(name: string, near: string | undefined, backendNames: readonly string[]): string {
  const preset = presetOfType(name)
  if (preset) {
    const [variable] = preset.keyVariables
    const entry = `write backends: {${name}: {}} into the configuration`
    return variable === undefined ? entry : `set ${variable}, or ${entry}`
  }
  return near === undefined ? `backends here: ${backendNames.join(', ')}` : `did you mean ${near}?`
}
