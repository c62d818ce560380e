import { LRUCache } from 'lru-cache'
import type { Clock } from '../../core/clock.ts'
import type { Json, JsonObject } from '../../core/json.ts'

/** An answer of ours to a client of OpenAI's Responses, and the whole input that it answered. */
export interface StoredResponse {
  response: JsonObject
  input: Json[]
}

/**
 * Answers that backends without a memory gave to clients that count on one (`previous_response_id`). In memory only,
 * bounded by size and age; nobody finds what another's credential asked.
 */
export interface StoredResponses {
  keep(owner: string | null, stored: StoredResponse): void
  find(owner: string | null, id: string): StoredResponse | undefined
  remove(owner: string | null, id: string): boolean
}

export interface StoredResponsesLimits {
  maxBytes?: number
  maxAgeMs?: number
}

interface Kept {
  /** JSON: what counts against the limit is what is held. */
  text: string
  keptAtMs: number
}

export function createStoredResponses(
  clock: Clock,
  { maxBytes = 64 << 20, maxAgeMs = 24 * 3_600_000 }: StoredResponsesLimits = {},
): StoredResponses {
  const kept = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    // Strings take up to two bytes a character.
    sizeCalculation: ({ text }, key) => 2 * (text.length + key.length),
  })
  const keyOf = (owner: string | null, id: string) => JSON.stringify([owner, id])

  return {
    keep(owner, stored) {
      const { id } = stored.response
      if (typeof id !== 'string') return
      kept.set(keyOf(owner, id), { text: JSON.stringify(stored), keptAtMs: clock.nowMs() })
    },
    find(owner, id) {
      const key = keyOf(owner, id)
      const found = kept.get(key)
      if (found === undefined) return undefined
      if (clock.nowMs() - found.keptAtMs <= maxAgeMs) return JSON.parse(found.text) as StoredResponse
      kept.delete(key)
      return undefined
    },
    remove: (owner, id) => kept.delete(keyOf(owner, id)),
  }
}
