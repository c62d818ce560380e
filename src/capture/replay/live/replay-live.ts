import type { CompareLevel } from '../../diff/difference.ts'
import { judge } from '../judge.ts'
import type { ReplayedExchange, ReplayOutcome } from '../outcome.ts'
import type { LivePlan } from './live-plan.ts'
import type { LiveSender, LiveSent } from './live-sender.ts'
import type { Spending } from './spending.ts'

export interface LiveSettings {
  plan: LivePlan
  level: CompareLevel
  sender: LiveSender
  spending: Spending
  signal: AbortSignal
}

/** A plan, one request after the other, as long as `spending` lets it go on. */
export async function* replayLive(settings: LiveSettings): AsyncGenerator<ReplayedExchange> {
  const { plan, level, sender, spending, signal } = settings
  const notPaced = { lateMs: null }
  for (const { recorded, reason } of plan.skipped)
    yield { recorded, outcome: { verdict: 'skipped', reason }, ...notPaced }
  for (const planned of plan.requests) {
    if (signal.aborted) return
    const { recorded, estimate } = planned
    if (!spending.admits(estimate)) {
      const reason = `not sent: ${spending.stopped}`
      yield { recorded, outcome: { verdict: 'skipped', reason }, ...notPaced }
      continue
    }
    const sent = await sender.send(planned, signal)
    spending.add({ ...sent, estimate })
    if (signal.aborted) return
    yield { recorded, outcome: outcomeOf(sent, planned.recorded, level), ...notPaced }
  }
}

function outcomeOf(
  { view, end, encoding }: LiveSent,
  recorded: ReplayedExchange['recorded'],
  level: CompareLevel,
): ReplayOutcome {
  if (end.why === 'error' && view.ptc === null)
    return { verdict: 'failed', reason: `no answer came: ${end.error.message}` }
  if (encoding !== null)
    return { verdict: 'failed', reason: `the answer came encoded (${encoding}), which was not asked for` }
  return judge(recorded, view, { level, comparesHeaders: false })
}
