import type { Leg } from '../../core/exchange.ts'
import type { Issue, Severity } from '../detectors/detector.ts'
import type { CaptureItem } from '../reader/items.ts'
import type { CaptureGap, LegView } from '../view/view.ts'
import { bytesOf, type InspectedExchange } from './inspected-exchange.ts'
import { Tally } from './tally.ts'

export interface LegSum {
  /** Bodies; a leg without one counts. */
  legs: number
  chunks: number
  bytes: number
}

/** What a capture is about, in numbers. */
export interface Summary {
  files: { file: string; version: 2 | 3 }[]
  /** Beyond those listed. */
  moreFiles: number
  /** Nanoseconds since 1970; null for an empty one. */
  firstAtNs: number | null
  lastAtNs: number | null
  exchanges: number
  failed: number
  /** That had not closed when the capture ended. */
  open: number
  streams: number
  sessions: number
  legs: Record<Leg, LegSum>
  backends: { name: string; count: number }[]
  models: { name: string; count: number }[]
  apps: { name: string; count: number }[]
  /** As reported; of the exchanges of which they are known. */
  inTokens: number
  outTokens: number
  unknownTokens: number
  costUsd: number | null
  damage: Damage
  issues: Record<Severity, number>
}

/** What is not in the files, and what could not be read. */
export interface Damage {
  places: number
  bytes: number
  tornFiles: number
  /** Sections without an end: their process was killed, or still writes. */
  notClosed: number
  lostRecords: number
  lostBytes: number
  lostWhy: string[]
  missingBlobs: number
}

const mostFiles = 100

export class SummaryBuilder {
  readonly #backends = new Tally()
  readonly #models = new Tally()
  readonly #apps = new Tally()
  readonly #sessions = new Tally(100_000)
  readonly #summary: Summary = {
    ...{ files: [], moreFiles: 0, firstAtNs: null, lastAtNs: null },
    ...{ exchanges: 0, failed: 0, open: 0, streams: 0, sessions: 0 },
    legs: { CTP: noLeg(), PTB: noLeg(), BTP: noLeg(), PTC: noLeg() },
    ...{ backends: [], models: [], apps: [] },
    ...{ inTokens: 0, outTokens: 0, unknownTokens: 0, costUsd: null },
    damage: noDamage(),
    issues: { info: 0, note: 0, warn: 0, error: 0 },
  }

  began({ file, version }: CaptureItem): void {
    const { files } = this.#summary
    if (files.length < mostFiles) files.push({ file, version })
    else this.#summary.moreFiles++
  }

  exchange(x: InspectedExchange): void {
    const all = this.#summary
    const { view } = x
    all.firstAtNs = Math.min(all.firstAtNs ?? view.openedAtNs, view.openedAtNs)
    all.lastAtNs = Math.max(all.lastAtNs ?? view.lastAtNs, view.lastAtNs)
    all.exchanges++
    if (x.isFailed) all.failed++
    if (!view.closed) all.open++
    if (view.stream) all.streams++
    if (view.session !== null) this.#sessions.add(view.session)
    if (view.clientApp !== null) this.#apps.add(view.clientApp)
    if (x.backend !== null) this.#backends.add(x.backend)
    if (x.model !== null) this.#models.add(x.model)
    for (const leg of x.legs) addLeg(all.legs[leg.leg], leg)
    this.#addTokens(x)
  }

  issues(issues: readonly Issue[]): void {
    for (const { severity } of issues) this.#summary.issues[severity]++
  }

  gap(gap: CaptureGap): void {
    addGap(this.#summary.damage, gap)
  }

  #addTokens({ inTokens, outTokens, costUsd }: InspectedExchange): void {
    const all = this.#summary
    if (inTokens === null && outTokens === null) all.unknownTokens++
    all.inTokens += inTokens ?? 0
    all.outTokens += outTokens ?? 0
    if (costUsd !== null) all.costUsd = (all.costUsd ?? 0) + costUsd
  }

  result(): Summary {
    const summary = this.#summary
    summary.sessions = this.#sessions.size + this.#sessions.others
    summary.backends = this.#backends.sorted()
    summary.models = this.#models.sorted()
    summary.apps = this.#apps.sorted()
    return summary
  }
}

export function noDamage(): Damage {
  return {
    ...{ places: 0, bytes: 0, tornFiles: 0, notClosed: 0 },
    ...{ lostRecords: 0, lostBytes: 0, lostWhy: [], missingBlobs: 0 },
  }
}

export function addGap(damage: Damage, { kind, bytes, records, why }: CaptureGap): void {
  switch (kind) {
    case 'damaged':
      damage.places++
      damage.bytes += bytes
      return
    case 'torn_tail':
      damage.tornFiles++
      damage.bytes += bytes
      return
    case 'not_closed':
      damage.notClosed++
      return
    case 'missing_blob':
      damage.missingBlobs++
      return
    case 'loss':
      damage.lostRecords += records
      damage.lostBytes += bytes
      if (!damage.lostWhy.includes(why)) damage.lostWhy.push(why)
  }
}

function addLeg(sum: LegSum, leg: LegView): void {
  sum.legs++
  sum.chunks += leg.chunks.length
  sum.bytes += bytesOf(leg)
}

function noLeg(): LegSum {
  return { legs: 0, chunks: 0, bytes: 0 }
}
