import { setTimeout as pause } from 'node:timers/promises'
import type { BookClient } from '../usage/books/client.ts'
import type { SoakExchange } from './soak-exchange.ts'

export interface TrafficOptions {
  perSecond: number
  forMs: number
  /** Asked before each moment's: enough has gone wrong. */
  isHopeless(): boolean
  next(): SoakExchange
  begin(exchange: SoakExchange): void
  /** Resolves when its client is through. */
  live(exchange: SoakExchange): Promise<void>
}

const everyMs = 20
/** While so many are open, none is begun: a machine that is busy with other things gets a lower rate. */
const mostOpen = 150
/** The longest of all kinds takes a tenth of it, on a machine that is not busy with other things. */
const endsWithinMs = 180_000

/** Begins so many exchanges a second, whether those before have ended or not. Resolves when all have: how many were not begun. */
export async function traffic({
  perSecond,
  forMs,
  isHopeless,
  next,
  begin,
  live,
}: TrafficOptions): Promise<number> {
  const open = new Set<Promise<void>>()
  const startMs = performance.now()
  let begun = 0
  let notBegun = 0
  for (;;) {
    const sinceMs = performance.now() - startMs
    if (sinceMs >= forMs || isHopeless()) break
    for (const due = Math.floor((sinceMs * perSecond) / 1000); begun < due; begun++) {
      if (open.size >= mostOpen) {
        notBegun++
        continue
      }
      const exchange = next()
      begin(exchange)
      const lived = live(exchange).finally(() => open.delete(lived))
      open.add(lived)
    }
    await pause(everyMs)
  }
  await Promise.all(open)
  return notBegun
}

/** Its client's whole exchange, or what became of it. */
export async function liveIn(client: BookClient, exchange: SoakExchange) {
  const timeout = new AbortController()
  const tooLate = pause(endsWithinMs, undefined, { signal: timeout.signal }).then(() => {
    throw new Error(`not over after ${endsWithinMs / 1000} s`)
  })
  try {
    return await Promise.race([client.live(exchange.plan), tooLate])
  } finally {
    timeout.abort()
    tooLate.catch(() => {})
  }
}
