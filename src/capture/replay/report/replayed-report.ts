import {
  type DifferenceReport,
  differenceReport,
  type TimingReport,
  timingReport,
} from '../../diff/report.ts'
import type { ReplayDifference, ReplayedExchange, ReplayOutcome } from '../outcome.ts'

export interface ReplayDifferenceReport extends Omit<DifferenceReport, 'leg'> {
  leg: ReplayDifference['leg']
  attempt: number | null
}

/** One exchange as `--json` gives it. */
export interface ReplayedReport {
  type: 'exchange'
  verdict: ReplayOutcome['verdict']
  exchange: string
  /** The id of the new one, as its capture has it. */
  replayed: string | null
  session: string | null
  turn: number | null
  protocol: string | null
  model: string | null
  opened_at: string
  /** Why it was not sent, or could not be compared. */
  reason: string | null
  /** `before` is recorded. */
  differences: ReplayDifferenceReport[]
  timing: { before: TimingReport; after: TimingReport }
  /** Against the recording's own times; null: that did not decide when it was sent. */
  late_ms: number | null
}

export function replayedReport({ recorded, outcome, lateMs }: ReplayedExchange): ReplayedReport {
  const { id, session, turn, protocol, requestedModel, openedAtNs } = recorded
  const isCompared = outcome.verdict !== 'skipped' && outcome.verdict !== 'failed'
  return {
    ...{ type: 'exchange', verdict: outcome.verdict, exchange: id },
    replayed: isCompared ? outcome.replayed.id : null,
    ...{ session, turn, protocol, model: requestedModel },
    opened_at: new Date(openedAtNs / 1e6).toISOString(),
    reason: isCompared ? null : outcome.reason,
    differences: isCompared ? outcome.differences.map(differenceReport) : [],
    timing: {
      before: timingReport(isCompared ? outcome.timing.before : null),
      after: timingReport(isCompared ? outcome.timing.after : null),
    },
    late_ms: lateMs,
  }
}
