import type { LiveBackend } from '../../core/live-snapshot.ts'
import { costUsd, type DemoExchange } from './demo-exchange.ts'
import { inFlightAt, isoAt } from './demo-lists.ts'
import { closedWithin, isError, openedWithin, outputBetween, percentileOf, sum, windows } from './measures.ts'

/** When the circuit of `openrouter` lets one call through, and when it opens again. */
const probedS = { from: 24, until: 29, next: 89 }

type Standing = Pick<
  LiveBackend,
  'name' | 'backend_type' | 'state' | 'reason' | 'retry_at' | 'quota' | 'last_error'
>

export function backendsAt(all: readonly DemoExchange[], atS: number): LiveBackend[] {
  const inFlight = inFlightAt(all, atS)
  return standings(atS).map((standing) => {
    const own = all.filter(({ backend }) => backend === standing.name)
    const closed = closedWithin(own, atS - windows.window_seconds, atS)
    const ttfts = closed.flatMap(({ firstTokenS }) => (firstTokenS === null ? [] : firstTokenS * 1_000))
    const errors = closed.filter(isError).length
    const isNew = (one: DemoExchange) => openedWithin(one, atS - windows.rate_seconds, atS)
    const usd = closed.flatMap((one) => costUsd(one) ?? [])
    const failed = standing.name === 'openrouter' ? 5 : errors
    const requests = standing.name === 'openrouter' ? 5 : closed.length
    return {
      ...standing,
      in_flight: inFlight.filter(({ backend }) => backend === standing.name).length,
      queued: 0,
      requests_per_second: own.filter(isNew).length / windows.rate_seconds,
      ...{ requests, errors: failed, error_ratio: requests === 0 ? null : failed / requests },
      ttft_ms: { p50: percentileOf(ttfts, 0.5), p95: percentileOf(ttfts, 0.95) },
      tokens_out_per_second: outputBetween(own, atS - windows.rate_seconds, atS) / windows.rate_seconds,
      usd_per_hour: usd.length === 0 ? null : (sum(usd, (one) => one) * 3_600) / windows.window_seconds,
    }
  })
}

function standings(atS: number): Standing[] {
  const well = { state: 'ok', reason: null, retry_at: null, last_error: null } as const
  const quota = (name: string, used: number, resetsS: number) => ({
    name,
    used_ratio: used,
    resets_at: isoAt(resetsS),
  })
  return [
    { ...well, name: 'anthropic', backend_type: 'anthropic', quota: quota('5h', 0.71 + atS / 6_000, 5_160) },
    {
      ...{ ...well, name: 'openai', backend_type: 'openai', quota: quota('tokens', 0.28 + atS / 9_000, 38) },
      last_error: { at: isoAt(-96), text: '429 rate limited' },
    },
    geminiAt(atS),
    openrouterAt(atS),
  ]
}

function geminiAt(atS: number): Standing {
  const own = { name: 'gemini', backend_type: 'gemini', quota: null }
  if (atS < 12) return { ...own, state: 'ok', reason: null, retry_at: null, last_error: null }
  const failedS = atS < 35.4 ? 11.9 : 35.4
  return {
    ...{ ...own, state: 'cooldown', reason: 'it asked to wait (503)', retry_at: isoAt(failedS + 30) },
    last_error: { at: isoAt(failedS), text: '503 overloaded' },
  }
}

function openrouterAt(atS: number): Standing {
  const isProbed = atS >= probedS.from && atS < probedS.until
  const retryS = atS < probedS.from ? probedS.from : probedS.next
  return {
    ...{ name: 'openrouter', backend_type: 'openrouter', quota: null },
    state: isProbed ? 'half_open' : 'open',
    reason: isProbed ? 'one call is let through' : '5 failures in a row',
    retry_at: isProbed ? null : isoAt(retryS),
    last_error: { at: isoAt(atS < probedS.until ? -36 : probedS.until), text: 'connect timeout' },
  }
}
