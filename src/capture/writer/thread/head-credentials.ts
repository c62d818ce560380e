import { isSensitiveHeader, sensitiveParameters } from '../../../core/secrets/sensitive-names.ts'
import type { HeadEntry } from '../entries.ts'

/** What a head carries that is secret wherever else it stands: a client may repeat its key in its own body. */
export function* headCredentials({ hd, u }: Pick<HeadEntry, 'hd' | 'u'>): Generator<string> {
  for (const [name, value] of hd) {
    const lower = name.toLowerCase()
    if (isSensitiveHeader(lower)) yield* inHeader(lower, value)
  }
  const queryAt = u?.indexOf('?') ?? -1
  if (u === undefined || queryAt < 0) return
  for (const [name, value] of new URLSearchParams(u.slice(queryAt))) {
    if (sensitiveParameters.has(name.toLowerCase())) yield value
  }
}

function* inHeader(name: string, value: string): Generator<string> {
  if (name.endsWith('cookie')) {
    const pairs = name === 'cookie' ? value.split(';') : value.split(';', 1)
    for (const pair of pairs) yield pair.slice(pair.indexOf('=') + 1).trim()
    return
  }
  const [, scheme, rest = value] = /^(bearer|basic)\s+(.*)$/is.exec(value) ?? []
  yield rest.trim()
  // Of a name and a password.
  if (scheme?.toLowerCase() !== 'basic') return
  const login = Buffer.from(rest, 'base64').toString()
  yield login.slice(login.indexOf(':') + 1)
}
