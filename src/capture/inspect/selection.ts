import type { Leg } from '../../core/exchange.ts'
import { matchesGlob } from '../../core/glob.ts'
import { bodyText } from './filtered-exchange.ts'
import type { FrameRow } from './frame-row.ts'
import type { InspectedExchange } from './inspected-exchange.ts'

/** Which part of a capture is meant. What is null or empty leaves nothing out. */
export interface Selection {
  /** Names or types, `*` and `?` as wildcards, in lower case. */
  backends: readonly string[]
  /** As asked for or as asked of the backend. */
  models: readonly string[]
  session: string | null
  sessionPart: string | null
  legs: ReadonlySet<Leg> | null
  /** Found anywhere in what passed, whatever the case; in lower case. */
  search: string | null
  /** Milliseconds since 1970, inclusive. */
  sinceMs: number | null
  /** Milliseconds since 1970, exclusive. */
  untilMs: number | null
  matches: ((x: InspectedExchange) => boolean) | null
}

export const everything: Selection = {
  ...{ backends: [], models: [], session: null, sessionPart: null, legs: null, search: null },
  ...{ sinceMs: null, untilMs: null, matches: null },
}

/** Whether only the whole exchange tells if its frames are meant. */
export function needsExchanges({ backends, models, session, sessionPart, matches }: Selection): boolean {
  const flags = backends.length + models.length > 0
  return flags || session !== null || sessionPart !== null || matches !== null
}

export function selectsAll(selection: Selection): boolean {
  const { legs, search, sinceMs, untilMs } = selection
  return !needsExchanges(selection) && !legs && search === null && sinceMs === null && untilMs === null
}

export function passesExchange(selection: Selection, x: InspectedExchange): boolean {
  const { legs, search } = selection
  if (!isWithin(selection, x.view.openedAtNs) || !passesFacts(selection, x)) return false
  if (legs && !x.legs.some(({ leg }) => legs.has(leg))) return false
  return search === null || hasText(x, search)
}

/** What concerns the exchange as a whole, which its frames share: a backend's chunks do not name it. */
export function passesFacts(selection: Selection, x: InspectedExchange): boolean {
  if (!needsExchanges(selection)) return true
  const { backends, models, session, sessionPart, matches } = selection
  const { view } = x
  if (session !== null && view.session !== session) return false
  if (sessionPart !== null && !view.session?.includes(sessionPart)) return false
  if (
    !passesNames(
      backends,
      view.attempts.flatMap(({ backend, backendType }) => [backend, backendType]),
    )
  ) {
    return false
  }
  const asked = [view.requestedModel, ...view.attempts.map(({ model }) => model)]
  if (!passesNames(models, asked.flatMap(withoutDate))) return false
  return matches === null || matches(x)
}

/** What a frame says itself. */
export function passesFrame(selection: Selection, row: FrameRow, text: () => string): boolean {
  const { legs, search } = selection
  if (!isWithin(selection, row.atNs)) return false
  if (legs && (row.leg === null || !legs.has(row.leg))) return false
  return search === null || text().toLowerCase().includes(search)
}

function isWithin({ sinceMs, untilMs }: Selection, atNs: number): boolean {
  const atMs = atNs / 1e6
  return (sinceMs === null || atMs >= sinceMs) && (untilMs === null || atMs < untilMs)
}

function passesNames(wanted: readonly string[], names: readonly (string | null)[]): boolean {
  if (wanted.length === 0) return true
  return names.some((name) => {
    const lower = name?.toLowerCase()
    return lower !== undefined && wanted.some((pattern) => matchesGlob(pattern, lower))
  })
}

/** A model is meant with or without its date: `gpt-4o-2024-08-06`, `claude-sonnet-4-5-20250929`. */
function withoutDate(model: string | null): (string | null)[] {
  return [model, model?.replace(/-(?:\d{8}|\d{4}-\d\d-\d\d)$/, '') ?? null]
}

function hasText(x: InspectedExchange, search: string): boolean {
  const { view } = x
  const names = [view.id, view.session, view.clientApp, view.requestedModel, x.model, x.backend]
  if (names.some((name) => name?.toLowerCase().includes(search))) return true
  return x.legs.some((leg) => {
    const head = [leg.method, leg.url, ...leg.headers.map((pair) => pair.join(': '))].join('\n')
    return head.toLowerCase().includes(search) || bodyText(leg).toLowerCase().includes(search)
  })
}
