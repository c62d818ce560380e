import { clockText, spanText } from '../../cli/times.ts'
import { ends, type Line, line, type Span, span } from '../lines.ts'
import type { TopState } from '../state.ts'
import { snapshotMs } from '../table/list-spec.ts'
import { glyphs } from '../theme.ts'

/** The first line: which proxy, whether the picture is of now, what is in flight, issues, the time. */
export function header(state: TopState, width: number): Line {
  const { snapshot, label, isDemo } = state
  const up = snapshot === null || width < 100 ? '' : `  up ${spanText(snapshot.uptime_seconds * 1_000)}`
  const left = line(
    span(' llmproxy top', 'strong'),
    `  ${label}${up}`,
    ...(isDemo ? [span('  demo', 'accent')] : []),
  )
  const right = [freshness(state), ...counts(state, width), clock(state)]
  return ends(left, line('  ', ...right.flatMap((part) => [part, '  ']).slice(0, -1), ' '), width)
}

/** From how many intervals on a picture is called old, and how long at least. */
const oldAfterIntervals = 3
const oldAfterMs = 3_000

/** Whether the picture is of now. */
function freshness({ away, isPaused, arrivedAtMs, nowMs, intervalMs }: TopState): Span {
  if (away !== null) {
    const since = spanText(nowMs - away.sinceMs)
    return span(`${glyphs.bad} unreachable ${since}, retrying`, 'bad')
  }
  const ageMs = arrivedAtMs === null ? 0 : nowMs - arrivedAtMs
  if (isPaused) return span(`${glyphs.warn} paused${ageMs < 1_000 ? '' : ` ${spanText(ageMs)}`}`, 'warn')
  if (ageMs >= Math.max(oldAfterMs, oldAfterIntervals * intervalMs)) {
    return span(`${glyphs.stale} ${spanText(ageMs)} old`, 'warn')
  }
  return span(`${glyphs.good} live ${intervalMs / 1_000}s`, 'good')
}

function counts({ snapshot }: TopState, width: number): Span[] {
  if (snapshot === null) return []
  const { in_flight_total: inFlight, issues_total: issues, draining } = snapshot
  const isTrouble = snapshot.issues.some(({ severity }) => severity === 'warn' || severity === 'error')
  const spoken =
    width >= 100 ? `${glyphs.issue} ${issues} issue${issues === 1 ? '' : 's'}` : `${glyphs.issue}${issues}`
  return [
    ...(draining ? [span('draining', 'warn')] : []),
    span(`${inFlight} in flight`),
    ...(issues === 0 ? [] : [span(spoken, isTrouble ? 'warn' : 'muted')]),
  ]
}

/** In a recording it is the recorded time. */
function clock(state: TopState): Span {
  return span(clockText(state.isDemo ? snapshotMs(state) : state.nowMs))
}
