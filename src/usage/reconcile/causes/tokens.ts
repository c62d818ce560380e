import type { Incidents, LedgerAmounts } from '../ledger/amounts.ts'
import type { IncidentKind } from '../ledger/charge.ts'
import type { ModelHabits } from '../ledger/ledger-side.ts'
import type { Candidate } from './allocate.ts'
import { type CauseName, causeOfIncident } from './cause.ts'

/** What a provider may generate for an answer that nobody reads any more, and what a client may send. */
const longAnswer = 64_000
const longPrompt = 200_000
/** Without anything to go by. */
const usualAnswer = 1_000
const usualPrompt = 2_000
/** How far a count of ours is off as a rule, and how much of what we counted a provider may leave out. */
const countsOff = 0.1
const uncharged = 0.3

/** How many calls the invoice has, against what the ledger is sure of and what is possible. */
export interface CallCounts {
  /** Charged though the ledger has no attempt for them. */
  surplus: number
  /** In the ledger, whole, and not charged. */
  deficit: number
  /** Uncertain attempts of which the invoice can have a row. */
  uncertain: number
}

export function callCounts(requests: number | null, { attempts, incidents }: LedgerAmounts): CallCounts {
  if (requests === null) return { surplus: 0, deficit: 0, uncertain: Number.POSITIVE_INFINITY }
  const of = (kind: IncidentKind) => incidents.get(kind)?.attempts ?? 0
  const sure = attempts - of('disconnect') - of('retry') - of('crash')
  return {
    surplus: Math.max(0, requests - attempts),
    deficit: Math.max(0, sure - requests),
    uncertain: Math.max(0, requests - sure),
  }
}

function usualTokens({ reported, promptTokens, completionTokens }: ModelHabits) {
  return reported === 0
    ? { prompt: usualPrompt, completion: usualAnswer }
    : { prompt: promptTokens / reported, completion: completionTokens / reported }
}

/** What may have made the invoice's tokens more than ours (`isMore`), or fewer. */
export function tokenCandidates(
  ledger: LedgerAmounts,
  habits: ModelHabits,
  counts: CallCounts,
  isMore: boolean,
): Candidate<CauseName>[] {
  const usual = usualTokens(habits)
  const candidates = [...ledger.incidents].map(([kind, incidents]) => ({
    key: causeOfIncident[kind],
    ...(isMore ? unseen(kind, incidents, habits, counts.uncertain) : overcounted(kind, incidents)),
  }))
  const calls = isMore ? counts.surplus : counts.deficit
  const key = isMore ? ('not_through_proxy' as const) : ('not_on_invoice' as const)
  const most = calls > 0 ? Number.POSITIVE_INFINITY : 0
  return [...candidates, { key, expected: calls * Math.max(1, usual.prompt + usual.completion), most }]
}

/** What the provider may have charged that the ledger has not. */
function unseen(kind: IncidentKind, incidents: Incidents, habits: ModelHabits, uncertain: number) {
  if (kind === 'missing_report') {
    return {
      expected: incidents.tokens * countsOff,
      most: incidents.tokens + incidents.attempts * longAnswer,
    }
  }
  const usual = usualTokens(habits)
  const attempts = Math.min(incidents.attempts, uncertain)
  const share = attempts / incidents.attempts
  const { unbilledPromptTokens: prompts, unknownPrompts } = incidents
  return {
    expected: share * (prompts + unknownPrompts * usual.prompt) + attempts * Math.max(1, usual.completion),
    most:
      (attempts > 0 ? prompts : 0) +
      Math.min(attempts, unknownPrompts) * Math.max(longPrompt, habits.mostPromptTokens) +
      attempts * Math.max(longAnswer, habits.mostCompletionTokens),
  }
}

function overcounted(kind: IncidentKind, { tokens }: Incidents) {
  return { expected: tokens * (kind === 'missing_report' ? countsOff : uncharged), most: tokens }
}
