import { detectors } from '../../../src/capture/detectors/index.ts'
import type { FrameRow } from '../../../src/capture/inspect/frame-row.ts'
import { inspect } from '../../../src/capture/inspect/inspect.ts'
import type { InspectedExchange } from '../../../src/capture/inspect/inspected-exchange.ts'
import { everything, type Selection } from '../../../src/capture/inspect/selection.ts'

export interface Inspected {
  ids: string[]
  frames: FrameRow[]
  exchanges: InspectedExchange[]
}

/** What a reading gives of files, with the filters given. */
export async function inspected(
  paths: readonly string[],
  selection: Partial<Selection> = {},
): Promise<Inspected> {
  const found: Inspected = { ids: [], frames: [], exchanges: [] }
  const wants = { exchanges: true, issues: true, frames: { dataBytes: 100 } }
  const settings = { selection: { ...everything, ...selection }, wants, detectors }
  await inspect(paths, settings, {
    frame: (row) => found.frames.push(row),
    exchange(x) {
      found.ids.push(x.view.id)
      found.exchanges.push(x)
    },
  })
  return found
}
