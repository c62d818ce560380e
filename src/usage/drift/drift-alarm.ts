import { LRUCache } from 'lru-cache'
import type { Clock } from '../../core/clock.ts'
import type { UsageRecord } from '../record/record.ts'
import { type Compared, comparedSides, hasUntoldThoughts, type Seen, type Side, sides } from './comparison.ts'
import { SideWatch } from './side-watch.ts'

/** A model whose reports do not fit what we count. */
export interface Drift {
  backend: string
  model: string
  side: Side
  /** Reported by counted tokens, two decimals. */
  ratio: number
  /** Where it should lie. */
  band: readonly [low: number, high: number]
  /** How many exchanges it was judged by. */
  exchanges: number
  /** ISO 8601: when it was named. */
  since: string
}

export interface DriftAlarmParts {
  clock: Pick<Clock, 'nowMs'>
  /** Told once when a model is named, and once when it is back in its band. */
  onNamed: (drift: Drift) => void
  onBack: (drift: Drift) => void
}

/**
 * Compares our count with the provider's on every exchange, for each backend and model, and names those whose ratio has
 * left its band. Knows the exchanges since the proxy's start only.
 */
export interface DriftAlarm {
  compare(record: UsageRecord, seen: Seen): void
  drifting(): Drift[]
}

/** 2.4 kB for each side of one. */
const mostModels = 500

interface Watched {
  backend: string
  model: string
  thinksUntold: boolean
  prompt: SideWatch
  completion: SideWatch
}

export function createDriftAlarm({ clock, onNamed, onBack }: DriftAlarmParts): DriftAlarm {
  const models = new LRUCache<string, Watched>({ max: mostModels })

  function watched(backend: string, model: string): Watched {
    const key = `${backend}\n${model}`
    const known = models.get(key)
    if (known) return known
    const made = {
      ...{ backend, model, thinksUntold: false },
      ...{ prompt: new SideWatch('prompt'), completion: new SideWatch('completion') },
    }
    models.set(key, made)
    return made
  }

  function look(at: Watched, side: Side, compared: Compared): void {
    const before = driftOf(at, side)
    const change = at[side].add(compared, clock.nowMs())
    const drift = before ?? driftOf(at, side)
    if (change === 'named' && drift) onNamed(drift)
    if (change === 'back' && drift) onBack({ ...drift, ...at[side].shown() })
  }

  return {
    compare(record, seen) {
      const { backend_instance_id: backend, model } = record
      if (backend === null || model === null || (!seen.prompt && !seen.completion)) return
      const at = watched(backend, model)
      at.thinksUntold ||= hasUntoldThoughts(record, seen)
      const found = comparedSides(record, seen, at.thinksUntold)
      for (const side of sides) {
        const compared = found[side]
        if (compared) look(at, side, compared)
      }
    },
    drifting: () => [...models.values()].flatMap((at) => sides.flatMap((side) => driftOf(at, side) ?? [])),
  }
}

function driftOf({ backend, model, ...watches }: Watched, side: Side): Drift | null {
  const watch = watches[side]
  if (watch.sinceMs === null) return null
  return { backend, model, side, ...watch.shown(), since: new Date(watch.sinceMs).toISOString() }
}
