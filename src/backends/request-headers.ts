import type { Backend } from '../core/backend.ts'
import type { HeaderPairs } from '../core/http.ts'
import { isSensitiveHeader } from '../core/secrets/sensitive-names.ts'
import { credentialHeaders } from './client-credential.ts'
import type { Credential } from './credentials.ts'
import { hopHeaders } from './hop-headers.ts'

export interface RequestHeadersInput {
  client: HeaderPairs
  backend: Backend
  credential: Credential
  /** What we can decode. */
  acceptEncoding: string
  /** Bytes of the body that is sent; null when it has none, or streams on with its length unknown. */
  contentLength: number | null
  /** The value of `x-llmproxy-hop` for the next proxy; null sends none. */
  hop: string | null
  /** The body goes on as it came, still in its content-encoding. Without it the body was decoded. */
  bodyAsReceived?: boolean
}

// What the client says about itself, its browser, its way here and this proxy; and what we say anew.
const neverForwarded = new Set<string>([
  ...credentialHeaders,
  'accept-encoding',
  'accept-language',
  'anthropic-dangerous-direct-browser-access',
  'cdn-loop',
  'content-length',
  'cookie',
  'expect',
  'fastly-client-ip',
  'forwarded',
  'host',
  'origin',
  'referer',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-disable-replacement',
  'x-real-ip',
  'x-session-id',
])
const neverForwardedStarts = ['x-llmproxy-', 'x-forwarded-', 'cf-', 'sec-']

// These name the account that the client's own credential belongs to: with another credential they are wrong, and
// so is whatever else opens something of the client's (`ocp-apim-subscription-key`).
const accountHeaders = new Set([
  'chatgpt-account-id',
  'openai-organization',
  'openai-project',
  'x-goog-user-project',
])

/**
 * The headers for a backend of the client's own protocol, flat as undici takes them (name, value, name, value…):
 * the client's in their order, less what must not pass, then the credential and what is ours.
 */
export function requestHeaders(input: RequestHeadersInput): string[] {
  const { backend, credential } = input
  const endsHere = hopHeaders(input.client)
  const passes = (name: string): boolean =>
    !endsHere(name) &&
    !neverForwarded.has(name) &&
    !neverForwardedStarts.some((start) => name.startsWith(start)) &&
    (credential.kind === 'client' || !(accountHeaders.has(name) || isSensitiveHeader(name))) &&
    (input.bodyAsReceived === true || name !== 'content-encoding') &&
    !Object.hasOwn(backend.headers, name)
  const headers: string[] = []
  const present = new Set(Object.keys(backend.headers))
  const add = (name: string, value: string): void => {
    headers.push(name, value)
    present.add(name)
  }

  for (const [name, value] of input.client) if (passes(name)) add(name, value)
  for (const [name, value] of Object.entries(backend.defaultHeaders)) if (!present.has(name)) add(name, value)
  if (credential.kind !== 'none' && !present.has(credential.header.name)) {
    add(credential.header.name, credential.header.prefix + credential.value)
  }
  for (const [name, value] of Object.entries(backend.headers)) add(name, value)
  if (!present.has('accept-encoding')) add('accept-encoding', input.acceptEncoding)
  if (input.hop !== null) add('x-llmproxy-hop', input.hop)
  if (input.contentLength !== null) add('content-length', String(input.contentLength))
  return headers
}
