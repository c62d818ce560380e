import type { HeaderPairs } from '../../core/http.ts'

/** Where an access key may stand, in the order in which they are looked at; `query` is `?key=`. */
export const keyPlaces = ['x-llmproxy-key', 'authorization', 'x-api-key', 'x-goog-api-key', 'query'] as const
export type KeyPlace = (typeof keyPlaces)[number]

export interface OfferedKey {
  place: KeyPlace
  value: string
}

/** Nobody honest sends more in one place; each one is hashed. */
const maxPerPlace = 2

/** Everything in a request that may be an access key. */
export function offeredKeys(headers: HeaderPairs, rawUrl: string): OfferedKey[] {
  const offered: OfferedKey[] = []
  for (const place of keyPlaces) {
    const values = place === 'query' ? queryKeys(rawUrl) : headerKeys(headers, place)
    const sent = values.filter((value) => value !== '').slice(0, maxPerPlace)
    offered.push(...sent.map((value) => ({ place, value })))
  }
  return offered
}

/** The headers without those that held an access key. */
export function withoutAccessKeys(headers: HeaderPairs, places: readonly KeyPlace[]): HeaderPairs {
  return headers.filter(([name]) => !places.some((place) => place === name))
}

function headerKeys(headers: HeaderPairs, name: string): string[] {
  const values = headers.filter(([key]) => key === name).map(([, value]) => value.trim())
  if (name !== 'authorization') return values
  return values.map((value) => /^bearer\s+(.*)$/i.exec(value)?.[1] ?? '')
}

function queryKeys(rawUrl: string): string[] {
  const queryAt = rawUrl.indexOf('?')
  return queryAt < 0 ? [] : new URLSearchParams(rawUrl.slice(queryAt + 1)).getAll('key')
}
