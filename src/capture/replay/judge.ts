import { compareAnswers, comparedAnswer } from '../diff/answers.ts'
import type { CompareLevel, Difference } from '../diff/difference.ts'
import { timingOf } from '../diff/timing.ts'
import type { ExchangeView, LegView } from '../view/view.ts'
import { compareBegun } from './against/begun-answers.ts'
import { lostHeaders } from './against/lost-headers.ts'
import type { ReplayOutcome } from './outcome.ts'

export interface JudgeSettings {
  level: CompareLevel
  /** Another provider's answers have other headers. */
  comparesHeaders: boolean
}

/** Why an exchange's answer proves nothing when it comes again, in words; null: it can be compared. */
export function whyNotComparable({ ptc, forgotten }: ExchangeView): string | null {
  if (forgotten || ptc === null) return 'its answer is not in the capture'
  const hasSomething = ptc.headAtNs !== null || ptc.chunks.length > 0
  if (!hasSomething) return 'its client left, or the capture ends, before anything of the answer came'
  return null
}

/**
 * Of how many bytes of an answer on the replaying client leaves, because the recorded one did, or because the capture
 * has no more of it; null: it stays until the end.
 */
export function leavesAfterBytes({ ptc }: ExchangeView): number | null {
  return ptc !== null && isBegun(ptc) ? ptc.body().length + ptc.missing : null
}

/** What the client got then and now. */
export function judge(
  recorded: ExchangeView,
  replayed: ExchangeView,
  settings: JudgeSettings,
): ReplayOutcome {
  const { ptc: before } = recorded
  const { ptc: after } = replayed
  if (before === null) return { verdict: 'skipped', reason: 'its answer is not in the capture' }
  if (after === null || after.status === null) {
    return { verdict: 'failed', reason: after?.end?.error ?? 'no answer came' }
  }
  const was = comparedAnswer(before, recorded.protocol, recorded.stream)
  const is = comparedAnswer(after, recorded.protocol, recorded.stream)
  const found = compare(was, is, settings).map((difference) => ({
    ...{ leg: 'PTC' as const, attempt: null },
    ...difference,
  }))
  // What follows from lost bytes is no difference.
  const isLost = before.missing > 0
  const differences = isLost ? found.filter(({ kind }) => kind === 'status' || kind === 'header') : found
  return {
    verdict: differences.length > 0 ? 'different' : isLost ? 'unproven' : 'same',
    ...{ differences, replayed },
    timing: timings(recorded, replayed, was, is),
  }
}

function timings(recorded: ExchangeView, replayed: ExchangeView, before: Compared, after: Compared) {
  const was = timingOf(recorded, before.leg, before.reading)
  const is = timingOf(replayed, after.leg, after.reading)
  // Who left before the end did not say when it would have come.
  return isBegun(before.leg)
    ? { before: { ...was, totalMs: null }, after: { ...is, totalMs: null } }
    : { before: was, after: is }
}

type Compared = ReturnType<typeof comparedAnswer>

function compare(before: Compared, after: Compared, settings: JudgeSettings): Difference[] {
  const { level, comparesHeaders } = settings
  const { leg: was, reading: wasReading } = before
  const { leg: is, reading: isReading } = after
  const found = isBegun(was) ? begun(before, after, level) : compareAnswers(before, after, level)
  const rest = found.filter(({ kind }) => kind !== 'status' && kind !== 'header')
  // Files of the original do not say how their clients were answered.
  const heads =
    was.headAtNs === null ? [] : found.filter(({ kind }) => kind === 'status' || kind === 'header')
  const framedAlike = wasReading.isStream === isReading.isStream
  const lost = comparesHeaders && framedAlike ? lostHeaders(was.headers, is.headers) : []
  return [...heads, ...lost, ...rest, ...cut(was, is)]
}

function begun(before: Compared, after: Compared, level: CompareLevel): Difference[] {
  const none = (leg: LegView) => ({ ...leg, chunks: [], body: () => new Uint8Array(0) })
  const heads = compareAnswers(
    { leg: none(before.leg), reading: before.reading },
    { leg: none(after.leg), reading: after.reading },
    'bytes',
  )
  const isOver = (leg: LegView) => leg.end?.why === 'eof'
  return [
    ...heads,
    ...compareBegun(
      { ...before, isOver: isOver(before.leg) },
      { ...after, isOver: isOver(after.leg) },
      level,
    ),
  ]
}

/** A connection that broke, where it did not. */
function cut(before: LegView, after: LegView): Difference[] {
  if (before.end?.why !== 'eof' || after.end?.why !== 'error') return []
  const how = after.end.error
  return [{ path: 'end', kind: 'ending', before: 'eof', after: how ? `error: ${how}` : 'error' }]
}

function isBegun({ end }: LegView): boolean {
  return end === null || end.why === 'abort_client'
}
