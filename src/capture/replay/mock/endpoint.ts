import { type HeaderPairs, headerValue } from '../../../core/http.ts'
import type { ProtocolName } from '../../../core/protocol-name.ts'

/** What a request asks for by its method and URL, wherever it was sent: hosts and path prefixes do not matter. */
export interface Endpoint {
  /** The same for requests that ask for the same kind of thing. */
  name: string
  /** Whose clients ask so. */
  protocol: ProtocolName
  kind: 'generate' | 'count_tokens' | 'models' | 'root' | 'other'
  /** Where it stands in the path. */
  model: string | null
}

const countingPaths: readonly [RegExp, ProtocolName][] = [
  [/\/messages\/count_tokens$/, 'anthropic-messages'],
  [/\/responses\/input_tokens$/, 'openai-responses'],
]

const generatingPaths: readonly [RegExp, ProtocolName][] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/messages$/, 'anthropic-messages'],
  [/\/responses$/, 'openai-responses'],
]

export function endpointOf(method: string, url: string, headers: HeaderPairs): Endpoint {
  const [path = '', query = ''] = withoutOrigin(url).split('?', 2)
  const gemini = method === 'POST' ? geminiEndpoint(path, query) : null
  if (gemini) return gemini
  if (method === 'POST') {
    for (const [kind, paths] of [
      ['count_tokens', countingPaths],
      ['generate', generatingPaths],
    ] as const) {
      const found = paths.find(([pattern]) => pattern.test(path))
      if (found) return { name: `${found[1]} ${kind}`, protocol: found[1], kind, model: null }
    }
  }
  return otherEndpoint(method, path, headers)
}

function withoutOrigin(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
}

/** Gemini streams in two framings, of which the query says which. */
function geminiEndpoint(path: string, query: string): Endpoint | null {
  const [, model, method] = /\/models\/(.+):([A-Za-z]+)$/.exec(path) ?? []
  if (model === undefined || method === undefined) return null
  const framing =
    method !== 'streamGenerateContent' ? '' : /(?:^|&)alt=sse(?:&|$)/.test(query) ? ' sse' : ' array'
  const kind = /^(?:stream)?generateContent$/i.test(method)
    ? 'generate'
    : method === 'countTokens'
      ? 'count_tokens'
      : 'other'
  return { name: `gemini ${method}${framing}`, protocol: 'gemini', kind, model: decoded(model) }
}

/** Of a server or of its API, to see whether it is there. */
const isRoot = /^\/?$|(?:^|\/)v\d+(?:(?:alpha|beta)\d*)?\/?$/

function otherEndpoint(method: string, path: string, headers: HeaderPairs): Endpoint {
  const protocol = protocolOf(path, headers)
  if (isRoot.test(path)) return { name: `${method} /`, protocol, kind: 'root', model: null }
  const rest = /\/v\d+(?:(?:alpha|beta)\d*)?(\/.*)$/.exec(path)?.[1] ?? path
  const [, model] = /^\/models(?:\/(.+))?$/.exec(rest) ?? []
  const isList = /^\/models(?:\/[^:]*)?\/?$/.test(rest) && (method === 'GET' || method === 'HEAD')
  // The list looks different to each family's clients.
  const family = isList ? `${protocol === 'openai-responses' ? 'openai-chat' : protocol} ` : ''
  return {
    name: `${family}${method} ${rest}`,
    protocol,
    kind: isList ? 'models' : 'other',
    model: isList && model !== undefined ? decoded(model) : null,
  }
}

function protocolOf(path: string, headers: HeaderPairs): ProtocolName {
  if (/\/messages(?:$|\/)/.test(path) || headerValue(headers, 'anthropic-version') !== undefined) {
    return 'anthropic-messages'
  }
  if (/\/v1(?:alpha|beta)\d*(?:\/|$)/.test(path) || headerValue(headers, 'x-goog-api-key') !== undefined) {
    return 'gemini'
  }
  return /\/responses(?:$|\/)/.test(path) ? 'openai-responses' : 'openai-chat'
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
