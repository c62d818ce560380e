import type { Clock } from '../../core/clock.ts'
import type { Exchange } from '../../core/exchange.ts'
import { ExchangeNotes } from '../../core/exchange-notes.ts'
import type { Monitor } from '../../core/monitor.ts'
import { type Issue, severities, type Thresholds } from '../detectors/detector.ts'
import { lengthEstimates, type ModelKnowledge } from '../detectors/ports.ts'
import { shortEvidence } from '../detectors/short-evidence.ts'
import { defaultThresholds } from '../detectors/thresholds.ts'
import { closedFindings } from './closed-exchange.ts'
import { attemptFindings, localFindings } from './failed-attempts.ts'
import { ToolLoops } from './tool-loops.ts'
import { firstWord, type LiveFinding, waitFinding } from './waits.ts'
import { WatchedExchange } from './watched-exchange.ts'

/** As an inspected capture gives it; what stands in a file is null. */
export type LiveIssue = Issue

export interface LiveWatchSettings {
  clock: Clock
  thresholds?: Partial<Thresholds>
  /** Tokens of a model's context window; no model's is known where it is not given. */
  contextWindow?: ModelKnowledge['contextWindow']
  /** For what providers said: others than the client will read it. */
  redactText: (text: string) => string
  /** Each issue when it is found, and again when it has become more severe. */
  onIssue?: (issue: LiveIssue) => void
}

export interface LiveWatch {
  /** Sees no bytes, and does the same little for every event. */
  monitor: Monitor
  /** Looks at what is silent now; to be called every second or so. */
  check(): void
  /** For all that is found from now on. */
  setThresholds(thresholds: Partial<Thresholds>): void
  /** The last hundred, the newest first. */
  recent(): LiveIssue[]
}

const kept = 100

/**
 * The detectors that need no more than an exchange's times, statuses and events, on the traffic that passes: the codes,
 * severities and limits are those of `detectors/`. What only the bytes or the other legs tell is left to them.
 */
export function createLiveWatch(settings: LiveWatchSettings): LiveWatch {
  const { clock, onIssue, contextWindow = lengthEstimates.contextWindow } = settings
  let thresholds = { ...defaultThresholds, ...settings.thresholds }
  const open = new Set<WatchedExchange>()
  const watching = new ExchangeNotes<WatchedExchange>()
  const loops = new ToolLoops()
  let latest: LiveIssue[] = []

  function tell(watched: WatchedExchange, finding: LiveFinding): void {
    const { exchange, told } = watched
    const issue = issueOf(exchange, finding, settings.redactText)
    const before = told.get(issue.code)
    if (!before) {
      told.set(issue.code, issue)
      latest = [...latest.slice(1 - kept), issue]
      onIssue?.({ ...issue })
      return
    }
    const isWorse = severities.indexOf(issue.severity) > severities.indexOf(before.severity)
    if (isWorse) Object.assign(before, issue)
    if (isWorse) onIssue?.({ ...before })
  }

  function tellAll(watched: WatchedExchange, findings: Iterable<LiveFinding>): void {
    for (const finding of findings) tell(watched, finding)
  }

  const monitor: Monitor = {
    name: 'issues',
    opened(exchange) {
      const watched = new WatchedExchange(exchange)
      open.add(watched)
      watching.set(exchange, watched)
    },
    attempted(exchange, attempt) {
      const watched = watching.get(exchange)
      if (!watched) return
      watched.restart()
      for (const failed of exchange.attempts) {
        if (failed.number < attempt.number) tellAll(watched, attemptFindings(exchange, failed, true))
      }
    },
    event(exchange, event) {
      const watched = watching.get(exchange)
      if (!watched) return
      watched.take(event)
      const attempt = exchange.attempts.at(-1)
      if (!attempt?.firstContentNs || watched.firstWordSeen) return
      watched.firstWordSeen = true
      const slow = firstWord(watched, attempt, attempt.firstContentNs, thresholds)
      if (slow) tell(watched, slow)
    },
    closed(exchange) {
      const watched = watching.get(exchange)
      if (!watched) return
      open.delete(watched)
      watching.delete(exchange)
      const isComplete = exchange.outcome === 'complete'
      for (const attempt of exchange.attempts) {
        tellAll(watched, attemptFindings(exchange, attempt, isComplete))
      }
      tellAll(watched, localFindings(exchange))
      const loop = isComplete && exchange.callPurpose === 'chat' ? loops.take(watched) : null
      tellAll(watched, closedFindings(watched, { loop, thresholds, contextWindow }))
    },
  }

  return {
    monitor,
    check() {
      for (const watched of open) {
        const { attempts, openedNs } = watched.exchange
        const attempt = attempts.at(-1)
        const found = attempt && waitFinding(watched, attempt, clock.monotonicNs() - openedNs, thresholds)
        if (found) tell(watched, found)
      }
    },
    setThresholds(changed) {
      thresholds = { ...defaultThresholds, ...changed }
    },
    recent: () => latest.map((issue) => ({ ...issue })).reverse(),
  }
}

/** A finding's times are since the exchange was opened. */
function issueOf(exchange: Exchange, finding: LiveFinding, redactText: (text: string) => string): LiveIssue {
  const { code, type, severity, fault, confidence, leg, attempt, atNs, description, evidence, hint } = finding
  const texts = Object.entries(evidence).map(([name, value]) => [
    name,
    typeof value === 'string' ? redactText(value) : value,
  ])
  return {
    ...{ code, type: type ?? code, severity, fault, confidence: confidence ?? 1 },
    ...{ exchange: exchange.id, file: null, session: exchange.session?.id ?? null },
    ...{ leg: leg ?? null, attempt: attempt ?? null, entry: null, offset: null },
    atNs: atNs === undefined || atNs === null ? null : exchange.openedAtMs * 1e6 + atNs,
    description: redactText(description),
    evidence: shortEvidence(Object.fromEntries(texts)),
    hint,
    count: 1,
  }
}
