import type { ExchangeView } from '../../view/view.ts'

/** What decides whether an exchange can only begin when another one is over. */
export interface Placed {
  session: string | null
  openedAtNs: number
  /** When its answer was over; null: it never was. */
  endedAtNs: number | null
}

export function placed({ session, openedAtNs, ptc, closed, lastAtNs }: ExchangeView): Placed {
  const endedAtNs = ptc?.end?.atNs ?? (closed ? lastAtNs : null)
  return { session, openedAtNs, endedAtNs }
}

/**
 * For each exchange those that must be over before it is sent: of its session, and over before it was opened. Only
 * the last of them are named; these waited for the others. The exchanges are in the order of their opening.
 */
export function causesOf(exchanges: readonly Placed[]): number[][] {
  const bySession = new Map<string, { at: number; placed: Placed }[]>()
  return exchanges.map((exchange, at) => {
    if (exchange.session === null) return []
    const before = bySession.get(exchange.session) ?? []
    const over = before.filter(({ placed }) => isBefore(placed, exchange))
    const last = over.filter((one) => !over.some((other) => isBefore(one.placed, other.placed)))
    const open = before.filter((one) => last.includes(one) || !over.includes(one))
    const isKnown = exchange.endedAtNs !== null
    bySession.set(exchange.session, isKnown ? [...open, { at, placed: exchange }] : open)
    return last.map((one) => one.at)
  })
}

function isBefore(one: Placed, other: Placed): boolean {
  return one !== other && one.endedAtNs !== null && one.endedAtNs <= other.openedAtNs
}
