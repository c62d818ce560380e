import { type Detector, type Issue, severities } from '../../../../src/capture/detectors/detector.ts'
import { createPriceBook } from '../../../../src/prices/index.ts'
import { countHere } from '../../../../src/tokens/count-here.ts'
import { type CaptureDraft, issuesOf } from '../../../support/a-capture.ts'
import type { DetectorCases, Mutation } from '../cases/case.ts'
import type { CleanCapture } from './clean-captures.ts'
import { type Half, halfOf } from './halves.ts'
import { isTrue } from './truths.ts'

/** What `capture inspect` knows of models. */
const models = { contextWindow: createPriceBook({}).contextWindowOf, countTokens: countHere }

/** Of one detector in one half of the corpus. */
export interface Score {
  /** Mutated captures, and those of them in which the trouble was found with the right fault. */
  mutated: number
  found: number
  nearMisses: number
  falseNearMisses: number
  clean: number
  falseClean: number
  /** Findings in clean captures that are true. */
  trueClean: number
  /** What went wrong, in words: at most some of it. */
  faults: string[]
}

export interface Row {
  detector: Detector
  scores: Record<Half, Score>
}

export interface Measured {
  detector: Detector
  cases: DetectorCases
}

const faultsKept = 40

/** Runs every detector over every clean capture, and over what its cases make of it. */
export function measure(
  captures: readonly CleanCapture[],
  measured: readonly Measured[],
  onProgress: (done: number) => void = () => {},
): Row[] {
  const rows = measured.map(({ detector }): Row => ({ detector, scores: { tuning: none(), test: none() } }))
  for (const [done, capture] of captures.entries()) {
    const clean = capture.make()
    const [first] = capture.recorded
    if (!first) continue
    for (const [index, { detector, cases }] of measured.entries()) {
      const score = rows[index]?.scores[halfOf(first)]
      if (score) measureOne({ id: capture.id, clean, detector, cases, score })
    }
    onProgress(done + 1)
  }
  return rows
}

interface One {
  id: string
  clean: CaptureDraft
  detector: Detector
  cases: DetectorCases
  score: Score
}

function measureOne(one: One): void {
  const { id, clean, detector, cases, score } = one
  const found = loud(detector, clean)
  score.clean++
  if (found.length > 0) {
    if (isTrue(detector.code, id)) score.trueClean++
    else {
      score.falseClean++
      note(score, `clean ${id}: ${found[0]?.description}`)
    }
    // What has the trouble already says nothing about finding it, nor about staying silent.
    return
  }
  for (const mutation of cases.mutations) measureMutation(one, mutation)
  for (const { name, apply } of cases.nearMisses) {
    const near = apply(clean)
    if (!near) continue
    score.nearMisses++
    const alarm = loud(detector, near)[0]
    if (!alarm) continue
    score.falseNearMisses++
    note(score, `near miss "${name}" ${id}: ${alarm.severity}: ${alarm.description}`)
  }
}

function measureMutation({ id, clean, detector, score }: One, { name, apply, expects }: Mutation): void {
  const spoilt = apply(clean)
  if (!spoilt) return
  score.mutated++
  const issues = issuesOf(detector, spoilt, { models })
  const right = issues.some(
    ({ code, fault, severity }) =>
      code === detector.code &&
      fault === expects.fault &&
      (expects.severity === undefined || severity === expects.severity),
  )
  if (right) score.found++
  else note(score, `mutation "${name}" ${id}: ${told(issues)}`)
}

/** A note of a detector that can say worse is no alarm. */
function loud(detector: Detector, capture: CaptureDraft): Issue[] {
  const least = Math.min(severities.indexOf(detector.severity), severities.indexOf('warn'))
  return issuesOf(detector, capture, { models }).filter(
    ({ severity, code }) => severities.indexOf(severity) >= least || code === 'detector_failed',
  )
}

function told(issues: readonly Issue[]): string {
  if (issues.length === 0) return 'nothing was found'
  return issues
    .map(({ code, severity, fault, evidence }) => `${code} ${severity} ${fault} ${evidence.error ?? ''}`)
    .join(', ')
}

function note(score: Score, fault: string): void {
  if (score.faults.length < faultsKept) score.faults.push(fault)
}

function none(): Score {
  return {
    ...{ mutated: 0, found: 0, nearMisses: 0, falseNearMisses: 0, clean: 0, falseClean: 0, trueClean: 0 },
    faults: [],
  }
}
