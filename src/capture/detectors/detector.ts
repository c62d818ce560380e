import type { Leg } from '../../core/exchange.ts'
import type { AnswerReading, RequestReading } from '../view/reading.ts'
import type { AttemptView, CaptureGap, CaptureView, ExchangeView } from '../view/view.ts'

export const severities = ['info', 'note', 'warn', 'error'] as const
export type Severity = (typeof severities)[number]

export type Fault = 'client' | 'proxy' | 'backend' | 'network'

/** What a detector found, as `--json` gives it (`spec/capture.md`, Issues). */
export interface Issue {
  code: string
  /** The original's name for it, where it had one; else the code. */
  type: string
  severity: Severity
  /** Whose it is, from comparing the legs; null where the capture cannot tell. */
  fault: Fault | null
  /** 0 to 1. */
  confidence: number
  /** Null: of the file, not of one exchange. */
  exchange: string | null
  /** Where `exchange` and `entry` stand; null in passing traffic. */
  file: string | null
  session: string | null
  leg: Leg | null
  attempt: number | null
  /** The frame in its file. */
  entry: number | null
  /** In the leg's joined body. */
  offset: number | null
  /** Nanoseconds since 1970. */
  atNs: number | null
  /** One sentence, in the past tense, with the numbers that matter. */
  description: string
  /** What proves it, small: never more than 300 characters a text. */
  evidence: Readonly<Record<string, unknown>>
  /** What to do about it, one sentence. */
  hint: string
  /** How often the same was found in the same exchange. */
  count: number
}

/** What a detector says; the runner fills in the rest. */
export type Finding = Pick<Issue, 'severity' | 'fault' | 'description' | 'evidence' | 'hint'> &
  Partial<Pick<Issue, 'confidence' | 'leg' | 'attempt' | 'entry' | 'offset' | 'atNs' | 'count'>>

/** Limits that the configuration may change (`wire_capture.thresholds`). */
export interface Thresholds {
  stallWarnSeconds: number
  stallErrorSeconds: number
  slowFirstTokenWarnSeconds: number
  slowFirstTokenErrorSeconds: number
  proxyLatencyMs: number
  retryStormAttempts: number
  toolLoopTurns: number
  contextWarnRatio: number
}

/** One exchange, read once for all detectors: what is asked for is made when first asked and kept. */
export interface Subject {
  exchange: ExchangeView
  around: CaptureView
  thresholds: Thresholds
  /** The client's request. */
  ctp(): RequestReading | null
  ptb(attempt: AttemptView): RequestReading | null
  btp(attempt: AttemptView): AnswerReading | null
  ptc(): AnswerReading | null
  /** The attempt whose answer became the client's; null where none did. */
  answered(): AttemptView | null
  /** All that is to be found in it has been: it lets go of what takes much room. */
  rest(): void
  /** Of an exchange of `around`. */
  of(other: ExchangeView): Subject
  /** Tokens of the context window of an attempt's model; null where it is not known. */
  contextWindow(attempt: AttemptView): number | null
  /** Our count of a text's tokens, an estimate by its length where nothing better is at hand. May take long. */
  countTokens(text: string): number
}

/** One kind of trouble. Detectors never throw on purpose; one that does is reported and left out. */
export interface Detector {
  code: string
  /** The original's name for it, where it had one. */
  legacyType?: string
  /** The worst that it reports. */
  severity: Severity
  /** One line for `--help` and docs/detectors.md. */
  summary: string
  /** Of each exchange that has closed, or was open when the capture ended. */
  find?(subject: Subject): Iterable<Finding>
  /** Of what is damaged or lost. */
  findGap?(gap: CaptureGap): Iterable<Finding>
}

export type { AttemptView, CaptureView, ExchangeView }
