import { headerValue } from '../../core/http.ts'
import { replayHeader } from '../replay/client-request.ts'
import type { ExchangeView } from '../view/view.ts'
import { requestKey } from './request-key.ts'
import { comparedRequest } from './requests.ts'

/** What is kept of every exchange of a file to find its like in another: some hundred bytes. */
export interface ExchangeDigest {
  id: string
  session: string | null
  turn: number | null
  /** `requestKey`; null without a recorded request. */
  key: string | null
  /** It repeats the exchange with this id. */
  replayOf?: string
}

export function digestOf({ id, session, turn, ctp, protocol }: ExchangeView): ExchangeDigest {
  const replayOf = ctp ? headerValue(ctp.headers, replayHeader) : undefined
  return {
    ...{ id, session, turn, key: ctp && requestKey(comparedRequest(ctp, protocol)) },
    ...(replayOf !== undefined && { replayOf }),
  }
}

/** Why two exchanges are held to be the same one: the best reason first. */
export const pairings = ['id', 'replay', 'turn_and_request', 'request', 'turn'] as const
export type Pairing = (typeof pairings)[number]

/** What must be the same; null: this one cannot be paired so. */
const signOf: Record<Pairing, (digest: ExchangeDigest) => string | null> = {
  id: ({ id }) => id,
  replay: ({ id, replayOf }) => replayOf ?? id,
  turn_and_request: ({ session, turn, key }) => key && session && `${session} ${turn} ${key}`,
  request: ({ key }) => key,
  turn: ({ session, turn }) => (session && turn !== null ? `${session} ${turn}` : null),
}

export interface PairedWith {
  at: number
  by: Pairing
}

/**
 * For each exchange of `before` its like among `after`, by the best reason that there is; of equals the first is
 * paired with the first. Null: there is none.
 */
export function pairUp(
  before: readonly ExchangeDigest[],
  after: readonly ExchangeDigest[],
): (PairedWith | null)[] {
  const pairs: (PairedWith | null)[] = before.map(() => null)
  const free = new Set(after.keys())
  for (const by of pairings) {
    const waiting = placesBySign(after, free, signOf[by])
    for (const [at, digest] of before.entries()) {
      const sign = pairs[at] ? null : signOf[by](digest)
      const found = sign === null ? undefined : waiting.get(sign)?.shift()
      if (found === undefined) continue
      pairs[at] = { at: found, by }
      free.delete(found)
    }
  }
  return pairs
}

function placesBySign(
  digests: readonly ExchangeDigest[],
  free: ReadonlySet<number>,
  sign: (digest: ExchangeDigest) => string | null,
): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const at of free) {
    const digest = digests[at]
    const name = digest ? sign(digest) : null
    if (name === null) continue
    const list = places.get(name) ?? []
    places.set(name, list)
    list.push(at)
  }
  return places
}
