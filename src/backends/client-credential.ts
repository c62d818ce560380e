import { hash } from 'node:crypto'
import type { HeaderPairs } from '../core/http.ts'
import { remembered } from '../core/remembered.ts'
import { hasKnownForm, isPlaceholder } from './credential-forms.ts'
import { carriesKey, parameterValue, queryParts } from './query.ts'

/** The headers in which a client sends a provider key, in the order in which they are believed. */
export const credentialHeaders = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'] as const
type CredentialPlace = (typeof credentialHeaders)[number] | 'query'

/** A provider key or token that came with a request. */
export interface ClientCredential {
  value: string
  from: CredentialPlace
  /** SHA-256 in hex: by which what the provider says about it is remembered. */
  hash: string
}

/**
 * The client's own provider credential, or null. `accessKeyHeader` is where the access key was that opened
 * this proxy (a header's name, or `query`): neither it nor a copy of it elsewhere is a provider's, nor is any
 * value that `isAccessKey` knows. Of several, the first that looks like a known provider's counts.
 */
export function clientCredential(
  headers: HeaderPairs,
  rawUrl: string,
  accessKeyHeader: string | null,
  isAccessKey: (value: string) => boolean = () => false,
): ClientCredential | null {
  const all = sentCredentials(headers, rawUrl)
  const opening = new Set(all.filter(({ from }) => from === accessKeyHeader).map(({ value }) => value))
  for (const [name, value] of headers) if (name === 'x-llmproxy-key') opening.add(value.trim())
  const own = all.filter(({ value }) => !opening.has(value) && !isPlaceholder(value) && !isAccessKey(value))
  const chosen = own.find(({ value }) => hasKnownForm(value)) ?? own[0]
  if (chosen === undefined) return null
  return { value: chosen.value, from: chosen.from, hash: hashes.of(chosen.value) }
}

const hashes = remembered((value) => hash('sha256', value))

function sentCredentials(headers: HeaderPairs, rawUrl: string): Omit<ClientCredential, 'hash'>[] {
  const sent: Omit<ClientCredential, 'hash'>[] = []
  for (const from of credentialHeaders) {
    for (const [name, text] of headers) {
      if (name !== from) continue
      sent.push({ value: from === 'authorization' ? bearerToken(text) : text.trim(), from })
    }
  }
  const question = rawUrl.indexOf('?')
  if (question < 0) return sent
  for (const part of queryParts(rawUrl.slice(question))) {
    if (carriesKey(part)) sent.push({ value: parameterValue(part).trim(), from: 'query' })
  }
  return sent
}

/** RFC 6750; empty for other schemes (Basic), which are no provider's. */
function bearerToken(authorization: string): string {
  return /^bearer +(\S.*)$/i.exec(authorization.trim())?.[1]?.trim() ?? ''
}
