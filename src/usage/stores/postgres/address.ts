import { hash } from 'node:crypto'
import { shownUrl } from '../../../core/shown-url.ts'
import { StoreError } from '../store.ts'

/** Where the database is, as the configuration says. */
export interface Address {
  /** For the driver: with the user and the password. */
  url: string
  /** For people: with neither. */
  place: string
  /** The same for all URLs of one ledger, whoever logs in: names its files in the spool. */
  key: string
  /** A driver's words without the user and the password. */
  redact(text: string): string
}

const form = 'postgres://USER:PASSWORD@HOST:PORT/DATABASE'

/** Throws `StoreError` for a URL that the driver would misread: half of a password could pass for a host. */
export function addressOf(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || /@/.test(`${url.pathname}${url.search}${url.hash}`)) {
    throw new StoreError(
      'failed',
      `usage_tracking.persistence_path is no URL of the form ${form}; percent-encode what is no letter or digit in user and password`,
    )
  }
  const { searchParams } = url
  const host = searchParams.get('host') ?? url.hostname
  const secrets = [url.password, url.username, searchParams.get('password'), searchParams.get('user')]
  return {
    url: withSslOfLibpq(url),
    place: shownUrl(text),
    key: hash(
      'sha256',
      [host, url.port || '5432', url.pathname, searchParams.get('options') ?? ''].join(' '),
    ).slice(0, 16),
    redact: redactorOf(secrets.filter((secret) => secret !== null && secret !== '') as string[]),
  }
}

/** `sslmode` as psql understands it; by itself the driver warns and takes `require` for `verify-full`. */
function withSslOfLibpq(url: URL): string {
  if (!url.searchParams.has('sslmode') || url.searchParams.has('uselibpqcompat')) return url.href
  const compatible = new URL(url.href)
  compatible.searchParams.set('uselibpqcompat', 'true')
  return compatible.href
}

function redactorOf(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, decoded(secret)]))]
  const patterns = forms.sort((a, b) => b.length - a.length).map(patternOf)
  return (text) => patterns.reduce((words, pattern) => words.replace(pattern, '‹…›'), text)
}

/** A short name may be a piece of any word. */
function patternOf(secret: string): RegExp {
  const escaped = secret.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return new RegExp(secret.length < 4 ? `(?<![\\p{L}\\d_])${escaped}(?![\\p{L}\\d_])` : escaped, 'gu')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
