import { type Fault, type Issue, type Severity, severities } from './detector.ts'

/** All issues of one code. */
export interface IssueGroup {
  code: string
  /** As the original names it, where it does. */
  type: string
  /** The worst in it. */
  severity: Severity
  /** Times that it was found. */
  count: number
  /** Exchanges in which. */
  exchanges: number
  /** How many of its issues are whose; `unknown` where the capture cannot tell. */
  faults: Partial<Record<Fault | 'unknown', number>>
  /** The worst, the surest first; at most three. */
  examples: readonly Issue[]
}

const examplesKept = 3

interface OpenGroup extends Omit<IssueGroup, 'examples'> {
  examples: Issue[]
}

/** Gathers issues as they come, in space that does not grow with them. */
export class IssueGroups {
  readonly #byCode = new Map<string, OpenGroup>()

  add(issue: Issue): void {
    const { code, type, severity } = issue
    const group = this.#byCode.get(code) ?? {
      ...{ code, type, severity, count: 0, exchanges: 0, faults: {}, examples: [] },
    }
    this.#byCode.set(code, group)
    const whose = issue.fault ?? 'unknown'
    group.count += issue.count
    // The runner gives one issue of a code for an exchange.
    if (issue.exchange !== null) group.exchanges++
    group.faults[whose] = (group.faults[whose] ?? 0) + 1
    if (rank(severity) > rank(group.severity)) group.severity = severity
    group.examples.push(issue)
    group.examples.sort(byWeight)
    group.examples.length = Math.min(group.examples.length, examplesKept)
  }

  /** The worst first; of the same severity, what was found most often. */
  groups(): IssueGroup[] {
    return [...this.#byCode.values()].sort(
      (a, b) => rank(b.severity) - rank(a.severity) || b.count - a.count || (a.code < b.code ? -1 : 1),
    )
  }

  /** The worst severity of all; null when nothing was found. */
  worst(): Severity | null {
    return this.groups()[0]?.severity ?? null
  }
}

function byWeight(a: Issue, b: Issue): number {
  return rank(b.severity) - rank(a.severity) || b.confidence - a.confidence || b.count - a.count
}

function rank(severity: Severity): number {
  return severities.indexOf(severity)
}
