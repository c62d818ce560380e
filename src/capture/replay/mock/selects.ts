import { detectors } from '../../detectors/index.ts'
import { lengthEstimates } from '../../detectors/ports.ts'
import { createRunner } from '../../detectors/runner.ts'
import { subjects } from '../../detectors/subject.ts'
import { defaultThresholds } from '../../detectors/thresholds.ts'
import { InspectedExchange } from '../../inspect/inspected-exchange.ts'
import { passesExchange, type Selection, selectsAll } from '../../inspect/selection.ts'
import type { ExchangeView } from '../../view/view.ts'
import { ExchangeWindow } from '../../view/window.ts'

/** Whether an exchange is meant, asked once of each in the order in which they closed: a filter may ask for issues. */
export function selects(selection: Selection): (view: ExchangeView) => boolean {
  if (selectsAll(selection)) return () => true
  const window = new ExchangeWindow(selection.matches === null ? { maxBytes: 0 } : {})
  const { around } = window
  const runner = createRunner({ detectors, around })
  let number = 0
  return (view) => {
    const x = new InspectedExchange(view, ++number, {
      subject: () => subjects({ around, thresholds: defaultThresholds, models: lengthEstimates })(view),
      issues: () => runner.exchange(view),
    })
    const isMeant = passesExchange(selection, x)
    window.remember(view)
    return isMeant
  }
}
