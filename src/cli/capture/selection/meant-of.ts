import type { Meant, MeantSettings } from '../../../capture/inspect/meant.ts'
import type { Selection } from '../../../capture/inspect/selection.ts'
import { judgingOf, type KnowModels } from '../inspect/judging.ts'
import { givenFilters, type SelectionValues } from './flags.ts'
import { selectionOf } from './selection-of.ts'
import type { ParseBound } from './time-bound.ts'

export interface MeantParts {
  flags: SelectionValues & { config?: string | undefined }
  /** `usage/query/dates.ts`, loaded when it is needed. */
  parseBound: () => Promise<ParseBound>
  knowModels: KnowModels
  help: string
  say: (line: string) => void
}

/** Which exchanges are meant, for a command that reads them whole. */
export interface MeantExchanges {
  selection: Selection
  /** For each reading anew. */
  meant: () => Meant
}

/** Null where no filter is given: what it takes to tell which exchanges are meant is heavy. */
export async function meantOf(parts: MeantParts): Promise<MeantExchanges | null> {
  const { flags, help, say } = parts
  if (givenFilters(flags).length === 0) return null
  const [{ captureReading: capture }, { meantBy }, { compileFilter }, parseBound] = await Promise.all([
    import('../../../capture/inspect/index.ts'),
    import('../../../capture/inspect/meant.ts'),
    import('../../../filters/compile.ts'),
    parts.parseBound(),
  ])
  const selection = selectionOf(flags, { capture, compileFilter, parseBound, help })
  const settings: MeantSettings = { selection, detectors: capture.detectors }
  // Issues are asked for by an expression only.
  if (selection.matches === null) return { selection, meant: meantBy(settings) }
  const judging = await judgingOf({
    ...{ config: flags.config, env: process.env, cwd: process.cwd() },
    ...{ thresholdsOf: capture.thresholdsOf, knowModels: parts.knowModels, say },
  })
  return { selection, meant: meantBy({ ...settings, ...judging }) }
}
