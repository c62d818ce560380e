import type { PriceOf } from '../../core/cost.ts'
import type { Exchange, Leg } from '../../core/exchange.ts'
import type { Monitor, WireEnd, WireHead } from '../../core/monitor.ts'
import { type HeadRecord, legNumbers, type SessionRecord } from '../format/records.ts'
import type { CaptureEntry, HeadEntry } from '../writer/entries.ts'
import { interpretation } from './interpretation.ts'

export interface CaptureMonitorParts {
  write: (entry: CaptureEntry) => void
  /** The mode is not `off`. */
  isOn: () => boolean
  priceOf: PriceOf
}

/**
 * Hands what passes to the capture's writer, which copies it and does the rest in a thread of its own. Exchanges are
 * opened and closed there in every mode, so that one can be joined midway.
 */
export function captureMonitor({ write, isOn, priceOf }: CaptureMonitorParts): Monitor {
  return {
    name: 'capture',
    hearsWire: isOn,
    opened({ id: x, openedNs: t, frontend: ep }) {
      write({ k: 'xo', x, t, ep })
    },
    attempted(exchange, { number, startedNs }) {
      if (number === 1 && isOn()) write(sessionRecord(exchange, exchange.openedNs + startedNs))
    },
    wireHead(exchange, leg, attempt, head, atNs) {
      write(headEntry(exchange, leg, attempt, head, atNs))
    },
    wireBytes({ id: x, openedNs }, leg, attempt, bytes, atNs) {
      write({ k: 'b', x, l: legNumbers[leg], ...ofAttempt(attempt), t: openedNs + atNs, bytes })
    },
    wireEnd({ id: x, openedNs }, leg, attempt, end, atNs) {
      write({ ...legEnd(end), x, l: legNumbers[leg], ...ofAttempt(attempt), t: openedNs + atNs })
    },
    closed(exchange) {
      const { id: x, openedNs, closedNs } = exchange
      write(isOn() ? interpretation(exchange, priceOf) : { k: 'unheard', x, t: openedNs + (closedNs ?? 0) })
    },
  }
}

function ofAttempt(attempt: number | null): { a?: number } {
  return attempt === null ? {} : { a: attempt }
}

function legEnd({ why, error }: { why: WireEnd; error: { message: string } | null }) {
  return { k: 'e' as const, why, ...(error && { err: error.message }) }
}

function headEntry(
  exchange: Exchange,
  leg: Leg,
  attempt: number | null,
  head: WireHead,
  atNs: number,
): HeadEntry {
  const encoding = head.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
  return {
    k: 'h',
    x: exchange.id,
    l: legNumbers[leg],
    ...ofAttempt(attempt),
    t: exchange.openedNs + atNs,
    ...(head.request && { m: head.request.method, u: head.request.url }),
    ...(head.status !== undefined && { st: head.status }),
    hd: head.headers,
    ...(leg === 'PTB' && attempt !== null && askedAt(exchange, attempt)),
    ...(encoding !== undefined && { enc: encoding }),
  }
}

/** Whom a PTB leg asks. */
function askedAt({ attempts }: Exchange, number: number): Pick<HeadRecord, 'be' | 'bt' | 'mod' | 'pr'> {
  const attempt = attempts[number - 1]
  if (!attempt) return {}
  const { backend: be, backendType: bt, model, protocol: pr } = attempt
  return { be, bt, pr, ...(model !== null && { mod: model }) }
}

function sessionRecord(
  { id: x, session, clientApp, requestedModel, stream }: Exchange,
  t: number,
): SessionRecord {
  return {
    ...{ k: 's', x, t, stream },
    ...(session && { session: session.id, turn: session.turn }),
    ...(clientApp !== null && { client_app: clientApp }),
    ...(requestedModel !== null && { requested_model: requestedModel }),
  }
}
