import { groupLines } from '../detectors/group-lines.ts'
import { IssueGroups } from '../detectors/groups.ts'
import { detectors } from '../detectors/index.ts'
import { thresholdsOf } from '../detectors/thresholds.ts'
import { analysisOf } from './analysis.ts'
import { Backends, Bridges } from './backends.ts'
import { exchangeDetail } from './exchange-detail.ts'
import { exchangeRow } from './exchange-row.ts'
import { filteredExchange } from './filtered-exchange.ts'
import { inspect } from './inspect.ts'
import { Latest } from './latest.ts'
import { everything } from './selection.ts'
import { Sessions } from './sessions.ts'
import { keepHeapSmall } from './small-heap.ts'
import { Statuses } from './statuses.ts'
import { streamRows } from './streaming.ts'
import { addGap, noDamage, SummaryBuilder } from './summary.ts'
import { trackRows } from './track.ts'

/** What `capture inspect` reads captures with, in one piece: it is heavy, so the command loads it when it runs and hands it on. */
export const captureReading = {
  ...{
    keepHeapSmall,
    inspect,
    everything,
    filteredExchange,
    detectors,
    thresholdsOf,
    IssueGroups,
    groupLines,
  },
  ...{ analysisOf, exchangeDetail, exchangeRow, streamRows, trackRows, Latest },
  ...{ Backends, Bridges, Sessions, Statuses, SummaryBuilder, addGap, noDamage },
}
