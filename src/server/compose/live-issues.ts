import { thresholdsOf } from '../../capture/detectors/thresholds.ts'
import { createLiveWatch, type LiveWatch } from '../../capture/live/live-watch.ts'
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
}

const checkEveryMs = 1_000

/** Issues of the traffic that passes: told as they are found; one of severity error saves what is kept of its exchange. */
export function watchIssues(
  sources: LiveIssuesSources,
): Pick<LiveWatch, 'monitor' | 'recent'> & { stop(): void } {
  const { clock, redactText, events, capture, thresholds } = sources
  const watch = createLiveWatch({
    ...{ clock, redactText, thresholds: thresholdsOf(thresholds) },
    onIssue(issue) {
      events.tell('issue', issue)
      if (issue.severity === 'error' && issue.exchange !== null) capture.saveForIssue(issue.exchange)
    },
  })
  let timer = clock.after(checkEveryMs, check)
  function check(): void {
    watch.check()
    timer = clock.after(checkEveryMs, check)
  }
  return { monitor: watch.monitor, recent: watch.recent, stop: () => timer.cancel() }
}
