import type { Leg } from '../../core/exchange.ts'
import type { Difference } from '../diff/difference.ts'
import type { AnswerTiming } from '../diff/timing.ts'
import type { ExchangeView } from '../view/view.ts'

/** A difference between a recorded exchange and its replay; `before` is recorded. */
export interface ReplayDifference extends Difference {
  leg: Leg
  /** Of PTB and BTP, from 1 on. */
  attempt: number | null
}

/** What became of one recorded exchange. */
export type ReplayOutcome =
  /** `unproven`: nothing differs in what there is, but bytes of it are not in the capture. */
  | {
      verdict: 'same' | 'different' | 'unproven'
      differences: readonly ReplayDifference[]
      replayed: ExchangeView
      /** Judged apart. */
      timing: { before: AnswerTiming | null; after: AnswerTiming | null }
    }
  /** It was not sent: `reason` says why, in words. */
  | { verdict: 'skipped'; reason: string }
  /** It was sent, and no answer came that could be compared. */
  | {
      verdict: 'failed'
      reason: string
      /** `no_credential`: the target asks with its clients' own, and those of a recording are never sent. */
      code?: 'no_credential'
    }

export interface ReplayedExchange {
  recorded: ExchangeView
  outcome: ReplayOutcome
  /** How late it was sent, against the recording's own times; null: these did not decide when. */
  lateMs: number | null
}

/** Exchanges in the order in which their replays ended; ends early when `signal` is aborted. */
export type Replay = AsyncIterable<ReplayedExchange>
