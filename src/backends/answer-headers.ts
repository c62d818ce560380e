import type { HeaderPairs } from '../core/http.ts'
import { hopHeaders } from './hop-headers.ts'

// They speak of the provider's servers and their browser rules, not of the answer. The organization is the
// account's, and none of the client's business where the credential is ours.
const stripped = new Set([
  'alt-svc',
  'anthropic-organization-id',
  'content-security-policy',
  'content-security-policy-report-only',
  'nel',
  'report-to',
  'reporting-endpoints',
  'server',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'via',
])
const strippedStarts = ['cf-', 'x-envoy-', 'x-llmproxy-']

// True of the bytes that the provider sent, not of others.
const ofTheBody = new Set(['content-digest', 'content-encoding', 'content-length', 'content-md5', 'digest'])

/**
 * The provider's headers as the client gets them, in their order. `bodyChanged`: the client's bytes are not the
 * provider's (decoded, edited). `stream`: the length is not known, for something of ours may follow.
 */
export function answerHeaders(
  raw: HeaderPairs,
  { bodyChanged, stream }: { bodyChanged: boolean; stream: boolean },
): HeaderPairs {
  const endsHere = hopHeaders(raw)
  return raw.filter(
    ([name]) =>
      !endsHere(name) &&
      !stripped.has(name) &&
      !strippedStarts.some((start) => name.startsWith(start)) &&
      !(bodyChanged && ofTheBody.has(name)) &&
      !(stream && name === 'content-length'),
  )
}
