import type { Detector, Thresholds } from '../detectors/detector.ts'
import { lengthEstimates, type ModelKnowledge } from '../detectors/ports.ts'
import { createRunner } from '../detectors/runner.ts'
import { subjects } from '../detectors/subject.ts'
import { defaultThresholds } from '../detectors/thresholds.ts'
import type { ExchangeView } from '../view/view.ts'
import { ExchangeWindow } from '../view/window.ts'
import { InspectedExchange } from './inspected-exchange.ts'
import { passesExchange, type Selection } from './selection.ts'

/** What is needed to tell which exchanges of a reading are meant. */
export interface MeantSettings {
  selection: Selection
  /** A filter may ask for issues. */
  detectors: readonly Detector[]
  thresholds?: Partial<Thresholds>
  models?: Partial<ModelKnowledge>
}

/** Tells it during one reading: what came before is part of it. */
export interface Meant {
  window: ExchangeWindow
  isMeant(view: ExchangeView): boolean
}

/** Of what came before, which only detectors ask for. */
const windowBytes = 6 * 1024 * 1024

/** For each reading anew. */
export function meantBy({ selection, detectors, thresholds = {}, models = {} }: MeantSettings): () => Meant {
  return () => {
    const window = new ExchangeWindow({ maxBytes: selection.matches === null ? 0 : windowBytes })
    const { around } = window
    const runner = createRunner({ detectors, around, thresholds, models })
    const judged = {
      ...{ around, thresholds: { ...defaultThresholds, ...thresholds } },
      models: { ...lengthEstimates, ...models },
    }
    let count = 0
    const isMeant = (view: ExchangeView) =>
      passesExchange(
        selection,
        new InspectedExchange(view, ++count, {
          subject: () => subjects(judged)(view),
          issues: () => runner.exchange(view),
        }),
      )
    return { window, isMeant }
  }
}
