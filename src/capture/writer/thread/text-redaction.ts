import type { Secrets } from '../../../core/secrets/secrets.ts'
import type { HeadRecord } from '../../format/records.ts'
import type { HeadEntry } from '../entries.ts'
import { KnownSecrets } from '../known-secrets.ts'
import { headCredentials } from './head-credentials.ts'

/** Texts that a record may have are bounded; nobody reads an error of a megabyte. */
const maxCharacters = 1 << 16
/** Texts, names of headers, and values of each. */
const maxRemembered = 1_024
const longestRemembered = 256

type Header = [name: string, value: string]

/**
 * Redacts all texts of a record but its bodies. Names, models and headers are nearly always the same few: what they
 * become is remembered until another secret is known.
 */
export class TextRedaction {
  readonly #secrets: Secrets
  readonly #known = new KnownSecrets()
  readonly #texts = new Map<string, string>()
  readonly #headers = new Map<string, Map<string, Header>>()

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  learn(...secret: Parameters<Secrets['add']>): void {
    if (!this.#known.add(...secret)) return
    this.#secrets.add(...secret)
    this.#texts.clear()
    this.#headers.clear()
  }

  /** In place, all texts in it but `k` and the exchange's id, which is ours. */
  record(record: object): void {
    const fields = record as Record<string, unknown>
    for (const name in fields) if (name !== 'k' && name !== 'x') fields[name] = this.#value(fields[name])
  }

  /** Uses up the entry. The credentials in it are known from now on: the main thread learns of them when it has read the body. */
  head({ enc: _, hd, u, ...head }: HeadEntry): HeadRecord {
    for (const credential of headCredentials({ hd, ...(u !== undefined && { u }) })) {
      this.learn(credential, 'credential')
    }
    this.record(head)
    const record: HeadRecord = { ...head, hd: hd.map(([name, value]) => this.#header(name, value)) }
    if (u !== undefined) record.u = cut(this.#secrets.redactUrl(u))
    return record
  }

  #header(name: string, value: string): Header {
    let ofName = this.#headers.get(name)
    const known = ofName?.get(value)
    if (known) return known
    // The rules know names in lower case; the file has them as they were sent.
    const [[, clean] = ['', '']] = this.#secrets.redactHeaders([[name.toLowerCase(), value]])
    const header: Header = [this.#text(name), cut(clean)]
    if (name.length + value.length > longestRemembered) return header
    if (!ofName) {
      ofName = new Map()
      remember(this.#headers, name, ofName)
    }
    remember(ofName, value, header)
    return header
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null) return value
    const inside = value as Record<string, unknown>
    for (const name in inside) inside[name] = this.#value(inside[name])
    return value
  }

  #text(text: string): string {
    if (text.length > longestRemembered) return cut(this.#secrets.redactText(text))
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const clean = this.#secrets.redactText(text)
    remember(this.#texts, text, clean)
    return clean
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.size >= maxRemembered) map.clear()
  map.set(key, value)
}

function cut(text: string): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text
}
