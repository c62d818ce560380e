import type { CaptureGap, CaptureView, ExchangeView } from '../view/view.ts'
import {
  type Detector,
  type Finding,
  type Issue,
  type Severity,
  severities,
  type Thresholds,
} from './detector.ts'
import { lengthEstimates, type ModelKnowledge } from './ports.ts'
import { shortEvidence } from './short-evidence.ts'
import { subjects } from './subject.ts'
import { defaultThresholds } from './thresholds.ts'

export interface RunnerSettings {
  detectors: readonly Detector[]
  around: CaptureView
  thresholds?: Partial<Thresholds>
  models?: Partial<ModelKnowledge>
  /** What is less severe is not told. */
  minSeverity?: Severity
  /** Codes; all where it is not given. */
  only?: readonly string[]
  skip?: readonly string[]
}

export interface Runner {
  /** Once for each exchange, in the order in which they closed. */
  exchange(exchange: ExchangeView): Issue[]
  gap(gap: CaptureGap): Issue[]
}

/** Runs detectors; what one finds several times in one exchange is one issue. */
export function createRunner(settings: RunnerSettings): Runner {
  const { only, skip, around } = settings
  const chosen = settings.detectors.filter(
    ({ code }) => (only?.includes(code) ?? true) && !(skip?.includes(code) ?? false),
  )
  const failed = new Set<Detector>()
  const least = severities.indexOf(settings.minSeverity ?? 'info')
  const subjectOf = subjects({
    around,
    thresholds: { ...defaultThresholds, ...settings.thresholds },
    models: { ...lengthEstimates, ...settings.models },
  })

  function collect(about: About, find: (detector: Detector) => Iterable<Finding> | undefined): Issue[] {
    const issues: Issue[] = []
    for (const detector of chosen) {
      if (failed.has(detector)) continue
      const found: Finding[] = []
      try {
        for (const finding of find(detector) ?? none) found.push(finding)
      } catch (error) {
        failed.add(detector)
        issues.push(failureOf(detector, error, about))
      }
      const issue = issueOf(detector, found, about)
      if (issue) issues.push(issue)
    }
    return issues.filter(({ severity }) => severities.indexOf(severity) >= least)
  }

  return {
    exchange(exchange) {
      const subject = subjectOf(exchange)
      const about = { exchange: exchange.id, session: exchange.session, file: exchange.file }
      const issues = collect(about, (detector) => detector.find?.(subject))
      subject.rest()
      return issues
    },
    gap(gap) {
      const [only] = gap.exchanges
      const exchange = gap.exchanges.length === 1 ? (only ?? null) : null
      return collect({ exchange, session: null, file: gap.file }, (detector) => detector.findGap?.(gap))
    },
  }
}

const none: readonly Finding[] = []

type About = Pick<Issue, 'exchange' | 'session' | 'file'>

/** The worst finding stands for all of them. */
function issueOf(detector: Detector, found: readonly Finding[], about: About): Issue | null {
  const [first, ...others] = found
  if (!first) return null
  const rank = ({ severity }: Finding) => severities.indexOf(severity)
  const worst = others.reduce((most, finding) => (rank(finding) > rank(most) ? finding : most), first)
  return {
    code: detector.code,
    type: detector.legacyType ?? detector.code,
    severity: worst.severity,
    fault: worst.fault,
    confidence: worst.confidence ?? 1,
    ...about,
    leg: worst.leg ?? null,
    attempt: worst.attempt ?? null,
    entry: worst.entry ?? null,
    offset: worst.offset ?? null,
    atNs: worst.atNs ?? null,
    description: worst.description,
    evidence: shortEvidence(worst.evidence),
    hint: worst.hint,
    count: found.reduce((sum, { count }) => sum + (count ?? 1), 0),
  }
}

function failureOf(detector: Detector, error: unknown, about: About): Issue {
  const failure: Finding = {
    severity: 'note',
    fault: null,
    description: `The detector ${detector.code} failed on this exchange and was left out from here on.`,
    evidence: { detector: detector.code, error: error instanceof Error ? error.message : String(error) },
    hint: `Report it with this capture; --skip ${detector.code} silences it.`,
  }
  const issue = issueOf({ ...failedDetector, severity: 'note' }, [failure], about)
  if (!issue) throw error
  return issue
}

const failedDetector: Detector = {
  code: 'detector_failed',
  severity: 'note',
  summary: 'A detector could not read an exchange',
}
