import { LRUCache } from 'lru-cache'

/** Where sessions went, so that prompt caches stay warm. Bounded; may be handed on over a reload. */
export interface SessionPlaces {
  get(session: string, what: string): string | undefined
  set(session: string, what: string, place: string): void
}

/** A list, not a map: thousands of sessions are remembered, and nearly all have one. */
type Places = { what: string; place: string }[]

/** Who asks for ever more of one session's does not fill the memory with them. */
const mostPlaces = 64

export function createSessionPlaces(max = 50_000): SessionPlaces {
  const bySession = new LRUCache<string, Places>({ max })
  return {
    get: (session, what) => bySession.get(session)?.find((known) => known.what === what)?.place,
    set(session, what, place) {
      const places = bySession.get(session)
      if (places === undefined) return void bySession.set(session, [{ what, place }])
      const known = places.find((one) => one.what === what)
      if (known !== undefined) known.place = place
      else if (places.push({ what, place }) > mostPlaces) places.shift()
    },
  }
}
