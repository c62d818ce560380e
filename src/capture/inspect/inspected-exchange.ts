import type { CallPurpose } from '../../core/exchange.ts'
import type { Issue, Subject } from '../detectors/detector.ts'
import { finalAttempt } from '../detectors/seen-answers.ts'
import type { InterpretedAttempt } from '../format/records.ts'
import { bodyLength } from '../view/leg.ts'
import type { AnswerReading } from '../view/reading.ts'
import type { AttemptView, ExchangeView, LegView } from '../view/view.ts'
import { legsOf } from '../view/window.ts'
import { firstContentNs } from './first-content.ts'

/** An exchange as it is looked at: what takes time to find out is found out when it is first asked for. */
export class InspectedExchange {
  readonly view: ExchangeView
  /** From 1, in the order in which exchanges ended. */
  readonly number: number
  readonly #subjectOf: () => Subject
  readonly #find: () => readonly Issue[]
  #subject: Subject | undefined
  #issues: readonly Issue[] | undefined
  #final: { attempt: AttemptView | null } | undefined
  #ttft: { ms: number | null } | undefined

  constructor(
    view: ExchangeView,
    number: number,
    ask: { subject: () => Subject; issues: () => readonly Issue[] },
  ) {
    this.view = view
    this.number = number
    this.#subjectOf = ask.subject
    this.#find = ask.issues
  }

  get subject(): Subject {
    this.#subject ??= this.#subjectOf()
    return this.#subject
  }

  /** All that the detectors find in it, whatever is shown of it. */
  get issues(): readonly Issue[] {
    this.#issues ??= this.#find()
    return this.#issues
  }

  /** The attempt whose answer the client got, or the last that was answered. */
  get final(): AttemptView | null {
    this.#final ??= { attempt: finalAttempt(this.subject) }
    return this.#final.attempt
  }

  /** What was told of that attempt. */
  get told(): InterpretedAttempt | null {
    const attempts = this.view.closed?.attempts ?? []
    const { final } = this
    if (final === null) return attempts.at(-1) ?? null
    return attempts.find(({ n }) => n === final.number) ?? null
  }

  get model(): string | null {
    return this.final?.model ?? this.view.attempts.at(-1)?.model ?? this.view.requestedModel
  }

  get backend(): string | null {
    return this.final?.backend ?? this.view.attempts.at(-1)?.backend ?? null
  }

  /** As the client got it; where that is not in the file, as it was told, or as the backend gave it. */
  get status(): number | null {
    const { ptc, closed } = this.view
    return ptc?.status ?? closed?.status ?? this.final?.btp?.status ?? this.told?.status ?? null
  }

  get purpose(): CallPurpose | string | null {
    return this.view.closed?.purpose ?? null
  }

  get isFailed(): boolean {
    const outcome = this.view.closed?.outcome
    return outcome === 'error' || outcome === 'rejected' || (this.status ?? 0) >= 400
  }

  get isAnswered(): boolean {
    return this.status !== null || this.view.attempts.some(({ btp }) => btp !== null)
  }

  /** Milliseconds from the request's last byte to the first content of a stream (`spec/usage.md`, `ttft_ms`). */
  get ttftMs(): number | null {
    this.#ttft ??= { ms: this.#firstContentMs() }
    return this.#ttft.ms
  }

  get durationMs(): number {
    return (this.view.lastAtNs - this.view.openedAtNs) / 1e6
  }

  /** The longest silence of a backend between two chunks of an answer; null without two chunks. */
  get gapMs(): number | null {
    let longest: number | null = null
    for (const { btp } of this.view.attempts) {
      const chunks = btp?.chunks ?? []
      for (let i = 1; i < chunks.length; i++) {
        const silentMs = ((chunks[i]?.atNs ?? 0) - (chunks[i - 1]?.atNs ?? 0)) / 1e6
        longest = Math.max(longest ?? 0, silentMs)
      }
    }
    return longest
  }

  /** The client's request and answer; where those are not in the file, the backend's. */
  get request(): LegView | null {
    return this.view.ctp ?? this.view.attempts[0]?.ptb ?? null
  }

  get answerLeg(): LegView | null {
    return this.view.ptc ?? this.final?.btp ?? null
  }

  get answer(): AnswerReading | null {
    const { subject, view, final } = this
    return view.ptc ? subject.ptc() : final && subject.btp(final)
  }

  get requestBytes(): number | null {
    return this.request && bytesOf(this.request)
  }

  get answerBytes(): number | null {
    return this.answerLeg && bytesOf(this.answerLeg)
  }

  get chunks(): number | null {
    return this.answerLeg?.chunks.length ?? null
  }

  /** As the provider reported them. */
  get inTokens(): number | null {
    return this.told?.prompt_tokens ?? null
  }

  get outTokens(): number | null {
    return this.told?.completion_tokens ?? null
  }

  get costUsd(): number | null {
    return this.told?.cost_usd ?? null
  }

  /** Of the tools that the answer calls. */
  get tools(): string[] {
    const events = this.answer?.events ?? []
    return events.flatMap(({ event }) => (event.type === 'tool_call' && event.name ? [event.name] : []))
  }

  get legs(): LegView[] {
    return legsOf(this.view)
  }

  #firstContentMs(): number | null {
    const { ctp, openedAtNs } = this.view
    const fromNs = ctp?.end?.atNs ?? ctp?.chunks.at(-1)?.atNs ?? openedAtNs
    const atNs = this.final && firstContentNs(this.final)
    return atNs === null ? null : (atNs - fromNs) / 1e6
  }
}

export function bytesOf(leg: LegView): number {
  return bodyLength(leg) + leg.missing
}
