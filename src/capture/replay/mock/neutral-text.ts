import { overwriteKeys } from '../../../core/secrets/key-patterns.ts'
import { secretKinds } from '../../../core/secrets/mark.ts'
import type { Secrets } from '../../../core/secrets/secrets.ts'

const wholeMark = new RegExp(`(?:${secretKinds.join('|')})-[0-9a-f]{4}(?:\\*+|(?![\\w-]))`, 'g')
const placeholder = (length: number) => `<secret:${length}>`

/**
 * A body as text, with the same words in the place of a secret whoever overwrote it: the four digits of a mark are of the
 * process that wrote it, and a short one has no more than these. `secrets` overwrites what nobody has overwritten yet,
 * by the recorder's own code. What is left of a secret is its length.
 */
export function neutralText(body: Uint8Array, secrets: Secrets | null): string {
  const redacted = secrets
    ? redact(body, secrets)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  // As the recorder does it, byte for byte: by characters, lengths would be others.
  const text = overwriteKeys(redacted.toString('latin1'), (_kind, secret) => placeholder(secret.length))
  const neutral = text.replace(wholeMark, (mark) => placeholder(mark.length))
  return Buffer.from(neutral, 'latin1')
    .toString('utf8')
    .replace(/^\ufeff/, '')
}

function redact(body: Uint8Array, secrets: Secrets): Buffer {
  const redactor = secrets.redactor()
  return Buffer.concat([...redactor.push(body), ...redactor.end()])
}

const placeholders = /<secret:(\d{1,9})>/g

/** How long a neutral text is with its secrets in it. */
export function lengthWithSecrets(text: string): number {
  let length = text.length
  for (const [found, digits] of text.matchAll(placeholders)) length += Number(digits) - found.length
  return length
}

export function hasSecrets(text: string): boolean {
  return text.search(placeholders) >= 0
}

/**
 * Whether two neutral texts are the same but for the secrets of the recorded one: a recorder overwrites secrets that
 * only it knows, in whose place a new request has any text of the same length.
 */
export function equalButForSecrets(recorded: string, asked: string): boolean {
  let at = 0
  let from = 0
  for (const found of recorded.matchAll(placeholders)) {
    const between = recorded.slice(from, found.index)
    if (!asked.startsWith(between, at)) return false
    at += between.length
    from = found.index + found[0].length
    at += asked.startsWith(found[0], at) ? found[0].length : Number(found[1])
  }
  return asked.length - at === recorded.length - from && asked.endsWith(recorded.slice(from))
}
