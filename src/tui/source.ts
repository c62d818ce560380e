import { text } from 'node:stream/consumers'
import { type ApiClient, ProxyAway } from '../cli/api-client.ts'
import { exitCodes } from '../cli/exit-codes.ts'
import { Failure } from '../cli/failure.ts'
import type { LiveSnapshot } from '../core/live-snapshot.ts'
import { readSnapshot } from './read-snapshot.ts'

/** Where snapshots come from. */
export interface SnapshotSource {
  /** What the header calls it. */
  label: string
  isDemo: boolean
  /** The state of now. Rejects with a `Failure`. */
  next(signal: AbortSignal): Promise<LiveSnapshot>
}

/** As many rows of each list as can be scrolled through; their totals come with them. */
const listLimit = 100
/** A proxy that takes longer is as good as away; the last picture stays. */
const answersWithinMs = 10_000

export function proxySource(client: ApiClient): SnapshotSource {
  return {
    label: client.url.replace(/^https?:\/\//, ''),
    isDemo: false,
    async next(signal) {
      return readable(await askSnapshot(client, signal), client.url)
    },
  }
}

/** What the proxy says, as it says it. */
export async function askSnapshot(client: ApiClient, signal?: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(answersWithinMs)
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  const query = new URLSearchParams({ limit: String(listLimit) })
  const body = await client.get('/internal/live', query, either)
  const whole = await text(body).catch((error: unknown) => Promise.reject(new ProxyAway(client.url, error)))
  try {
    return JSON.parse(whole)
  } catch {
    throw noProxy(client.url)
  }
}

/** An answer as a snapshot, or the failure that says that it is none. */
export function readable(answer: unknown, url: string): LiveSnapshot {
  const snapshot = readSnapshot(answer)
  if (snapshot === null) throw noProxy(url)
  return snapshot
}

function noProxy(url: string): Failure {
  return new Failure(`what answers at ${url} is no llmproxy that top can read`, exitCodes.notDone, [
    'llmproxy health   (says which version it is)',
  ])
}
