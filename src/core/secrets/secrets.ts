import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { HeaderPairs } from '../http.ts'
import { remembered } from '../remembered.ts'
import { overwriteKeys } from './key-patterns.ts'
import { type Finding, knownValues } from './known-values.ts'
import { fingerprints, isMark, mark, type SecretKind } from './mark.ts'
import { type Redactor, redactor } from './redactor.ts'
import { isSensitiveHeader, sensitiveParameters } from './sensitive-names.ts'

/**
 * The one redaction, for logs, captures, shown configuration and error texts. A secret is overwritten in place
 * by its kind, four digits that are the same wherever the same secret stands, and `*`; lengths never change
 * (`spec/config.md`, Security).
 */
export interface Secrets {
  /** Makes a value known. Values too short to be searched for (under 8 characters; clients': 16) are left out. */
  add(value: string, kind: SecretKind): void
  /** Tells of every value that becomes known from now on: who redacts elsewhere must know it too. */
  onLearned(listener: (value: string, kind: SecretKind) => void): void
  redactText(text: string): string
  /** Also overwrites the whole value of headers that only ever carry secrets. */
  redactHeaders(headers: HeaderPairs): HeaderPairs
  /** Also overwrites query parameters such as `key`, however their name is encoded. */
  redactUrl(url: string): string
  /** Redacts one stream of bytes, after content decoding. */
  redactor(): Redactor
}

interface Label {
  kind: SecretKind
  fingerprint: string
}

/** Clients can bring any number of credentials: the latest are known, up to these limits. */
const maxCredentials = 10_000
const maxCredentialCharacters = 4 * 1024 * 1024

/** What clients send where they have no key; and this program's own name. */
const placeholder = 'llmproxy'

export function createSecrets(runKey: Uint8Array = randomBytes(32)): Secrets {
  const fingerprint = fingerprints(runKey)
  const values = knownValues<Label>()
  const lasting = new Set<string>()
  const listeners: ((value: string, kind: SecretKind) => void)[] = []
  const credentials = new LRUCache<string, true>({
    max: maxCredentials,
    maxSize: maxCredentialCharacters,
    sizeCalculation: (_, value) => value.length,
    dispose: (_, value, reason) => {
      if (reason !== 'set' && !lasting.has(value)) values.remove(value)
    },
  })

  const markFor = (kind: SecretKind, secret: string) => mark(kind, fingerprint(secret), secret.length)

  function overwriteKnown(text: string): string {
    if (values.size === 0 || !values.mayStandIn(text)) return text
    const bytes = Buffer.from(text)
    const findings = values.find(bytes)
    if (findings.length === 0) return text
    overwrite(bytes, findings)
    return bytes.toString()
  }

  function overwritten(bytes: Buffer, findings: readonly Finding<Label>[], end: number): Buffer {
    const known = findings.length === 0 ? bytes : Buffer.from(bytes)
    overwrite(known, findings)
    const text = known.toString('latin1', 0, end)
    const clean = overwriteKeys(text, markFor)
    if (clean === text) return known
    const copy = known === bytes ? Buffer.from(bytes) : known
    copy.write(clean, 'latin1')
    return copy
  }

  const redacted = remembered((text) => overwriteKeys(overwriteKnown(text), markFor))
  const redactText = (text: string) => redacted.of(text)
  const whole = (kind: SecretKind, value: string) =>
    isMark(value) ? value : markFor(values.labelOf(value)?.kind ?? kind, value)

  return {
    add(value, kind) {
      if (value.length < (kind === 'credential' ? 16 : 8) || value === placeholder) return
      if (kind !== 'credential') lasting.add(value)
      else if (lasting.has(value) || credentials.get(value) || value.length > maxCredentialCharacters) return
      else credentials.set(value, true)
      values.add(value, { kind, fingerprint: fingerprint(value) })
      redacted.forget()
      for (const listener of listeners) listener(value, kind)
    },
    onLearned: (listener) => void listeners.push(listener),
    redactText,
    redactHeaders(headers) {
      return headers.map(([name, value]) => {
        if (!isSensitiveHeader(name)) return [name, redactText(value)] as const
        const scheme = /^(?:bearer|basic)\s+/i.exec(value)?.[0] ?? ''
        return [name, scheme + whole(headerKind(name), value.slice(scheme.length))] as const
      })
    },
    redactUrl(url) {
      const queryAt = url.indexOf('?')
      if (queryAt < 0) return redactText(url)
      const parameters = url.slice(queryAt + 1).split('&')
      const clean = parameters.map((parameter) => {
        const valueAt = parameter.indexOf('=') + 1
        const secret = valueAt > 0 && sensitiveParameters.has(decoded(parameter.slice(0, valueAt - 1)))
        return secret ? parameter.slice(0, valueAt) + whole('token', parameter.slice(valueAt)) : parameter
      })
      return redactText(`${url.slice(0, queryAt)}?${clean.join('&')}`)
    },
    redactor: () => redactor(values, overwritten),
  }
}

function headerKind(name: string): SecretKind {
  return name.endsWith('cookie') ? 'cookie' : 'header'
}

/** The name of a query parameter as any server would read it. */
function decoded(name: string): string {
  return (new URLSearchParams(`${name}=`).keys().next().value ?? '').toLowerCase()
}

function overwrite(bytes: Buffer, findings: readonly Finding<Label>[]): void {
  for (const { start, end, label } of findings) {
    bytes.write(mark(label.kind, label.fingerprint, end - start), start, 'latin1')
  }
}
