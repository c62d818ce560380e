import { createHmac } from 'node:crypto'

/** What a secret is, as it stands in its place once it is overwritten. */
export const secretKinds = [
  'provider-key',
  'access-key',
  'credential',
  'header',
  'cookie',
  'token',
  'login',
] as const
export type SecretKind = (typeof secretKinds)[number]

/** Four hex digits that are the same for the same secret within one run, and say nothing about it. */
export type Fingerprint = (secret: string) => string

export function fingerprints(runKey: Uint8Array): Fingerprint {
  return (secret) => createHmac('sha256', runKey).update(secret).digest('hex').slice(0, 4)
}

/**
 * What overwrites a secret, of the same length: `provider-key-1a2b******`. Where there is no room for all of
 * it, the digits win over the kind, so that equal secrets can still be recognised.
 */
export function mark(kind: SecretKind, fingerprint: string, length: number): string {
  const room = length - fingerprint.length - 1
  const text = room > 0 ? `${kind.slice(0, room)}-${fingerprint}` : fingerprint
  return length < fingerprint.length ? '*'.repeat(length) : text.padEnd(length, '*')
}

/** Source of an expression that matches where a whole mark stands, so that nothing is overwritten twice. */
export const markSource = `(?:${secretKinds.join('|')})-[0-9a-f]{4}(?:\\*|(?![\\w-]))`

const wholeMark = new RegExp(`^(?:${secretKinds.join('|')})-[0-9a-f]{4}\\**$`)

export function isMark(text: string): boolean {
  return wholeMark.test(text)
}
