import { thresholdsOf } from '../../capture/detectors/thresholds.ts'
import {
  createLiveWatch,
  type LiveIssue,
  type LiveWatch,
  type LiveWatchSettings,
} from '../../capture/live/live-watch.ts'
import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../core/clock.ts'
import type { Events } from '../events.ts'
import type { RunningCapture } from './capture.ts'

export interface LiveIssuesSources {
  clock: Clock
  redactText: (text: string) => string
  events: Events
  capture: Pick<RunningCapture, 'saveForIssue'>
  thresholds: Config['wire_capture']['thresholds']
  contextWindow: NonNullable<LiveWatchSettings['contextWindow']>
  /** When one is found, and again when it became worse. */
  onIssue: (issue: LiveIssue) => void
}

export interface RunningIssues extends Pick<LiveWatch, 'monitor' | 'recent'> {
  /** A reload. */
  configure(thresholds: Config['wire_capture']['thresholds']): void
  stop(): void
}

const checkEveryMs = 1_000

/** Issues of the traffic that passes: told as they are found; one of severity error saves what is kept of its exchange. */
export function watchIssues(sources: LiveIssuesSources): RunningIssues {
  const { clock, redactText, events, capture, thresholds, contextWindow, onIssue } = sources
  const watch = createLiveWatch({
    ...{ clock, redactText, thresholds: thresholdsOf(thresholds), contextWindow },
    onIssue(issue) {
      onIssue(issue)
      events.tell('issue', issue)
      if (issue.severity === 'error' && issue.exchange !== null) capture.saveForIssue(issue.exchange)
    },
  })
  let timer = clock.after(checkEveryMs, check)
  function check(): void {
    watch.check()
    timer = clock.after(checkEveryMs, check)
  }
  return {
    monitor: watch.monitor,
    recent: watch.recent,
    configure: (changed) => watch.setThresholds(thresholdsOf(changed)),
    stop: () => timer.cancel(),
  }
}
