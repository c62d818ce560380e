import { brotliDecompressSync } from 'node:zlib'
import type { LiveSnapshot } from '../../core/live-snapshot.ts'
import { recordedMinute } from './recorded-minute.ts'

/** What a busy proxy told in each second of a minute, as it told it. */
export class Minute {
  /** JSON each; made into snapshots when they are asked for. */
  readonly #lines: readonly string[]

  constructor() {
    this.#lines = brotliDecompressSync(Buffer.from(recordedMinute, 'base64')).toString().split('\n')
  }

  get seconds(): number {
    return this.#lines.length
  }

  /** Of a second of the minute, the first being 0; after its end it begins anew. */
  at(second: number): LiveSnapshot {
    return JSON.parse(this.#lines[Math.floor(second) % this.#lines.length] ?? '') as LiveSnapshot
  }
}

const times: ReadonlySet<string> = new Set(['at', 'retry_at', 'resets_at'])

/** The same as if it had been told so much later. */
export function later(snapshot: LiveSnapshot, byMs: number): LiveSnapshot {
  return moved(snapshot, byMs) as LiveSnapshot
}

function moved(value: unknown, byMs: number): unknown {
  if (Array.isArray(value)) return value.map((one) => moved(one, byMs))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      times.has(key) && typeof inner === 'string'
        ? new Date(Date.parse(inner) + byMs).toISOString()
        : moved(inner, byMs),
    ]),
  )
}
