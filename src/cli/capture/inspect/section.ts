import type { Issue } from '../../../capture/detectors/detector.ts'
import type { FrameRow } from '../../../capture/inspect/frame-row.ts'
import type { captureReading } from '../../../capture/inspect/index.ts'
import type { InspectedExchange } from '../../../capture/inspect/inspected-exchange.ts'
import type { CaptureItem } from '../../../capture/reader/items.ts'
import type { CaptureGap } from '../../../capture/view/view.ts'
import type { Leg } from '../../../core/exchange.ts'

/** What reads captures; handed in, because it is heavy. */
export type Capture = typeof captureReading

/** A part of what `inspect` prints. */
export interface Section {
  began?(item: CaptureItem): void
  frame?(row: FrameRow): void
  exchange?(x: InspectedExchange): void
  issues?(issues: readonly Issue[]): void
  gap?(gap: CaptureGap): void
  /** What is in the files now has been read; a section that follows prints what comes from here on at once. */
  caughtUp?(): void
  /** Nothing that is still to come would change what it prints. */
  isDone?(): boolean
  end(): void
}

/** How sections show things. */
export interface Look {
  capture: Capture
  /** Bytes of a body that are shown. */
  maxData: number
  isHex: boolean
  isVerbose: boolean
  follows: boolean
  /** Entries have their numbers once. */
  isOneFile: boolean
  /** Issues of other legs are not meant. */
  legs: ReadonlySet<Leg> | null
  /** How the capture is named on the command line, for commands to try; null for the default one. */
  named: string | null
  /** Whether issues were looked for at all. */
  hasIssues: boolean
}

/** An exchange's issues, as far as they are meant. */
export function issuesOf(x: InspectedExchange, { legs, hasIssues }: Look): readonly Issue[] {
  if (!hasIssues) return []
  return legs ? x.issues.filter(({ leg }) => leg !== null && legs.has(leg)) : x.issues
}
