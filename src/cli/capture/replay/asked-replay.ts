import type { CompareLevel } from '../../../capture/diff/difference.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { speedOf } from '../mock/pace-of.ts'
import type { SelectionValues } from '../selection/flags.ts'
import { compareLevels, type ReplayValues } from './flags.ts'

/** What a replay is to be, as the flags say it. */
export interface AskedReplay {
  level: CompareLevel
  tolerance: number
  maxRequests: number
  /** Which exchanges; with `--live` no backend and no model is a filter. */
  filters: SelectionValues
  how:
    | { mode: 'self' }
    /** Null speed: as fast as it goes. */
    | { mode: 'against'; speed: number | null; concurrency: number }
    | {
        mode: 'live'
        /** Null: a proxy elsewhere. */
        backend: string | null
        model: string | null
        maxUsd: number | null
        maxOutputTokens: number | null
      }
}

const usualConcurrency = 8
const usualLiveRequests = 10

/** Throws failures of usage. */
export function askedReplay(flags: ReplayValues, help: string): AskedReplay {
  refuseContradictions(flags, help)
  const level = compareLevels.find((name) => name === flags.compare)
  const { backend, model, ...others } = flags
  return {
    level: level ?? (flags.live ? 'structure' : 'semantic'),
    tolerance: positive(flags['timing-tolerance'], '--timing-tolerance', 'a ratio such as 1.5'),
    maxRequests: flags['max-requests'] ?? (flags.live ? usualLiveRequests : Number.POSITIVE_INFINITY),
    filters: flags.live ? others : flags,
    how: howOf(flags),
  }
}

function howOf(flags: ReplayValues): AskedReplay['how'] {
  if (flags.self) return { mode: 'self' }
  if (flags.live) {
    const maxCost = flags['max-cost']
    return {
      ...{ mode: 'live', backend: flags.backend?.[0] ?? null, model: flags.model?.[0] ?? null },
      maxUsd: maxCost === undefined ? null : positive(maxCost, '--max-cost', 'an amount in USD such as 0.50'),
      maxOutputTokens: flags['max-output-tokens'] ?? null,
    }
  }
  const speed = speedOf(flags.speed)
  const hasPace = Number.isFinite(speed)
  return {
    ...{ mode: 'against', speed: hasPace ? speed : null },
    concurrency: flags.concurrency ?? (hasPace ? Number.POSITIVE_INFINITY : usualConcurrency),
  }
}

function refuseContradictions(flags: ReplayValues, help: string): void {
  const found = flags.live ? liveContradiction(flags) : contradiction(flags)
  if (found !== null) throw new Failure(found, exitCodes.usage, [help])
}

function contradiction(flags: ReplayValues): string | null {
  const spending = (['max-cost', 'max-output-tokens', 'yes-spend'] as const).find((name) => flags[name])
  if (spending !== undefined) return `--${spending} is for --live`
  if (!flags.self) return null
  if (flags.against !== undefined) return '--self sends nothing anywhere: leave out --against'
  return isPaced(flags) ? '--self has the recorded times: leave out --speed and --concurrency' : null
}

function liveContradiction(flags: ReplayValues): string | null {
  const { backend = [], model = [], against } = flags
  if (flags.self) return '--self sends nothing anywhere: leave out --live'
  if (isPaced(flags)) return '--live sends one request after the other: leave out --speed and --concurrency'
  if (backend.length > 1 || model.length > 1) return '--live asks one --backend, and one --model there'
  if ((backend.length === 1) === (against !== undefined)) {
    return '--live wants to know whom to ask: --backend NAME of the configuration, or --against a proxy elsewhere'
  }
  return backend.length === 0 && model.length > 0 ? '--model is of a --backend' : null
}

function isPaced({ speed, concurrency }: ReplayValues): boolean {
  return speed !== 'max' || concurrency !== undefined
}

function positive(text: string, flag: string, example: string): number {
  const value = /^\$?\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text.replace('$', '')) : 0
  if (value > 0) return value
  throw new Failure(`${flag}: ${JSON.stringify(text)} is not ${example}`, exitCodes.usage)
}
