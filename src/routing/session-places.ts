import { LRUCache } from 'lru-cache'

/** Where sessions went, so that prompt caches stay warm. Bounded; may be handed on over a reload. */
export interface SessionPlaces {
  get(session: string, what: string): string | undefined
  set(session: string, what: string, place: string): void
}

export function createSessionPlaces(max = 50_000): SessionPlaces {
  const places = new LRUCache<string, string>({ max })
  return {
    get: (session, what) => places.get(`${session}\n${what}`),
    set: (session, what, place) => {
      places.set(`${session}\n${what}`, place)
    },
  }
}
