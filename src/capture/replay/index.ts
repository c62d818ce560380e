import { filteredExchange } from '../inspect/filtered-exchange.ts'
import { everything } from '../inspect/selection.ts'
import { isLoopbackUrl } from './against/loopback.ts'
import { givenResponseIds, replayAgainst, whyNotAgainst } from './against/replay-against.ts'
import { planLive } from './live/live-plan.ts'
import { throughBackend, toProxy } from './live/live-sender.ts'
import { replayLive } from './live/replay-live.ts'
import { Spending } from './live/spending.ts'
import { selects } from './mock/selects.ts'
import { readRecording } from './recording.ts'
import { livePlanReport, planReport } from './report/plan-report.ts'
import { ReplaySummary } from './report/replay-summary.ts'
import { replayedReport } from './report/replayed-report.ts'
import { saveRun } from './save/saved-run.ts'
import { replaySelf } from './self/replay-self.ts'

/** What `capture replay` works with, in one piece: it is heavy, so the command loads it when it runs and hands it on. */
export const captureReplay = {
  ...{ everything, filteredExchange, selects, readRecording, isLoopbackUrl },
  ...{ replayAgainst, whyNotAgainst, givenResponseIds, replaySelf },
  ...{ planLive, replayLive, throughBackend, toProxy, Spending },
  ...{ planReport, livePlanReport, replayedReport, ReplaySummary, saveRun },
}
