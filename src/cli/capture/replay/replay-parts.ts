import type { filesOf } from '../../../capture/reader/capture-files.ts'
import type { captureReplay } from '../../../capture/replay/index.ts'
import type { ModelCosts, StartReplayProxy } from '../../../capture/replay/ports.ts'
import type { Clock } from '../../../core/clock.ts'
import type { compileFilter } from '../../../filters/compile.ts'
import type { ParseBound } from '../selection/time-bound.ts'
import type { ReplayValues } from './flags.ts'

/** A backend of the configuration, as `--live` may ask it. */
export interface LiveBackend {
  name: string
  type: string
  host: string
  /** Why it cannot be asked, in words; null: it can. */
  why: string | null
}

export interface LiveParts {
  backends: readonly LiveBackend[]
  costs: ModelCosts
}

/** What `capture replay` is handed: it starts no proxy and knows no price itself. */
export interface ReplayParts {
  /** Undefined: the newest capture. */
  file: string | undefined
  flags: ReplayValues
  replay: typeof captureReplay
  filesOf: typeof filesOf
  compileFilter: typeof compileFilter
  parseBound: ParseBound
  clock: Clock
  nextId: () => string
  /** Of the program. */
  version: string
  startProxy: () => Promise<StartReplayProxy>
  live: () => Promise<LiveParts>
  /** Values that no capture may have: keys of providers, and of this proxy. */
  secrets: () => Promise<readonly string[]>
  /** Called before anything is sent or saved. */
  onSending: () => void
  help: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  say: (line: string) => void
}
