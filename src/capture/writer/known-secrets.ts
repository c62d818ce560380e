import { LRUCache } from 'lru-cache'
import type { SecretKind } from '../../core/secrets/mark.ts'

/** As many client credentials as `core/secrets` remembers. */
const maxCredentials = 10_000
const maxCredentialCharacters = 4 * 1024 * 1024

/** What a thread that redacts has to be told, again when it had to be started anew. */
export class KnownSecrets {
  readonly #lasting = new Map<string, SecretKind>()
  readonly #credentials = new LRUCache<string, true>({
    max: maxCredentials,
    maxSize: maxCredentialCharacters,
    sizeCalculation: (_, value) => value.length,
  })

  /** False: it was known, or is too large to be. */
  add(value: string, kind: SecretKind): boolean {
    if (value === '' || this.#lasting.has(value)) return false
    if (kind !== 'credential') {
      this.#lasting.set(value, kind)
      return true
    }
    if (this.#credentials.get(value) || value.length > maxCredentialCharacters) return false
    this.#credentials.set(value, true)
    return true
  }

  /** Those that matter longest come last. */
  *all(): Generator<[value: string, kind: SecretKind]> {
    for (const value of this.#credentials.rkeys()) yield [value, 'credential']
    yield* this.#lasting
  }
}
