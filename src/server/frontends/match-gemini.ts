import { ProxyError } from '../../core/errors.ts'
import type { FrontendRoute } from '../../proxy/call.ts'

type GeminiMatch = Pick<FrontendRoute, 'kind' | 'inPath'>

const generating: Readonly<Record<string, { kind: 'generate' | 'count_tokens'; stream: boolean }>> = {
  generateContent: { kind: 'generate', stream: false },
  streamGenerateContent: { kind: 'generate', stream: true },
  countTokens: { kind: 'count_tokens', stream: false },
}

/**
 * Reads `models/{model}:{method}`: the model is everything between `models/` and the last colon,
 * percent-decoded. Undefined for every other path, and for methods that pass untouched (`embedContent`).
 */
export function matchGemini(rest: string, query: string): GeminiMatch | undefined {
  const [, rawModel, method] = /^models\/(.+):([A-Za-z]+)$/.exec(rest) ?? []
  if (rawModel === undefined || method === undefined || !Object.hasOwn(generating, method)) return undefined
  const { kind, stream } = generating[method] as { kind: 'generate' | 'count_tokens'; stream: boolean }
  const asSse = new URLSearchParams(query).get('alt') === 'sse'
  const framing = stream && !asSse ? 'json-array' : 'sse'
  return { kind, inPath: { model: decodedModel(rawModel), method, stream, framing } }
}

function decodedModel(rawModel: string): string {
  try {
    return decodeURIComponent(rawModel)
  } catch (cause) {
    throw new ProxyError('bad_path', 'the model in the path is not valid percent-encoding', { cause })
  }
}
