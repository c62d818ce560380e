import type { Seen } from '../../../src/usage/drift/comparison.ts'
import { createDriftAlarm, type Drift, type DriftAlarm } from '../../../src/usage/drift/drift-alarm.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { exchangesOf, type MadeUpModel } from './made-up-models.ts'

const now = Date.parse('2026-11-10T12:00:00.000Z')

/** An alarm, and what it told, each with the number of the exchange (from 1) after which it did. */
export class Watched {
  readonly told: (Drift & { what: 'named' | 'back'; after: number })[] = []
  readonly alarm: DriftAlarm
  private count = 0

  constructor() {
    const tell = (what: 'named' | 'back') => (drift: Drift) => {
      this.told.push({ ...drift, what, after: this.count })
    }
    this.alarm = createDriftAlarm({
      clock: { nowMs: () => now },
      onNamed: tell('named'),
      onBack: tell('back'),
    })
  }

  compare(record: UsageRecord, seen: Seen): void {
    this.count++
    this.alarm.compare(record, seen)
  }
}

/** So many exchanges of a made-up model. */
export function watch(model: Partial<MadeUpModel>, seed: number | string, count: number): Watched {
  const watched = new Watched()
  const exchanges = exchangesOf(model, seed)
  for (let i = 0; i < count; i++) {
    const { record, seen } = exchanges.next().value
    watched.compare(record, seen)
  }
  return watched
}
