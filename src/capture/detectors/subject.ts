import { LRUCache } from 'lru-cache'
import { protocolOfUrl } from '../view/protocol-of.ts'
import { readAnswer, readPassedOn } from '../view/read-answer.ts'
import { readRequest } from '../view/read-request.ts'
import type { AnswerReading, RequestReading } from '../view/reading.ts'
import { RequestMemory } from '../view/request-memory.ts'
import type { AttemptView, CaptureView, ExchangeView, LegView } from '../view/view.ts'
import { bodyBytes } from '../view/window.ts'
import type { Subject, Thresholds } from './detector.ts'
import type { ModelKnowledge } from './ports.ts'

/** What a subject without bodies counts for. */
const smallestSize = 64 * 1024

export interface SubjectsSettings {
  around: CaptureView
  thresholds: Thresholds
  models: ModelKnowledge
}

/**
 * Makes subjects, and keeps the latest: detectors of one session ask for the same exchanges again and again. What
 * was read of them takes several times their bytes, so that those are the limit.
 */
export function subjects(settings: SubjectsSettings): (exchange: ExchangeView) => Subject {
  const made = new LRUCache<ExchangeView, ExchangeSubject>({
    maxSize: 4 * 1024 * 1024,
    sizeCalculation: (_, exchange) => smallestSize + bodyBytes(exchange),
  })
  const parts: SubjectParts = { ...settings, requests: new RequestMemory(), of: (exchange) => of(exchange) }
  const of = (exchange: ExchangeView): Subject => {
    const known = made.get(exchange)
    if (known) return known
    const subject = new ExchangeSubject(exchange, parts)
    made.set(exchange, subject)
    return subject
  }
  return of
}

interface SubjectParts extends SubjectsSettings {
  requests: RequestMemory
  of: (exchange: ExchangeView) => Subject
}

class ExchangeSubject implements Subject {
  readonly exchange: ExchangeView
  readonly #parts: SubjectParts
  readonly #requests = new Map<LegView, RequestReading>()
  readonly #answers = new Map<LegView, AnswerReading>()
  #answered: { attempt: AttemptView | null } | undefined

  constructor(exchange: ExchangeView, parts: SubjectParts) {
    this.exchange = exchange
    this.#parts = parts
  }

  get around(): CaptureView {
    return this.#parts.around
  }

  get thresholds(): Thresholds {
    return this.#parts.thresholds
  }

  ctp(): RequestReading | null {
    return this.#request(this.exchange.ctp, this.#clientProtocol())
  }

  ptb({ ptb, protocol }: AttemptView): RequestReading | null {
    return this.#request(ptb, protocol ?? protocolOfUrl(ptb?.url ?? null), () => this.ctp())
  }

  btp({ btp, ptb, protocol }: AttemptView): AnswerReading | null {
    return this.#answer(btp, protocol ?? protocolOfUrl(ptb?.url ?? null))
  }

  ptc(): AnswerReading | null {
    const { ptc, stream } = this.exchange
    if (!this.#isReadable(ptc)) return null
    return kept(this.#answers, ptc, () => {
      const attempt = this.answered()
      const sent = attempt && this.btp(attempt)
      const protocol = this.#clientProtocol()
      return sent ? readPassedOn(ptc, protocol, stream, sent) : readAnswer(ptc, protocol, stream)
    })
  }

  answered(): AttemptView | null {
    this.#answered ??= { attempt: this.#chosen() }
    return this.#answered.attempt
  }

  #chosen(): AttemptView | null {
    const { ptc, attempts, closed } = this.exchange
    if (!ptc) return null
    const chosen = closed?.attempts.find(({ reason }) => reason === undefined)
    const candidates = attempts.filter(({ btp }) => btp !== null)
    if (chosen) return candidates.find(({ number }) => number === chosen.n) ?? null
    // When all were refused, the client gets one of the refusals.
    const last = attempts.at(-1)
    return candidates.findLast(({ btp }) => btp?.status === ptc.status) ?? (last?.btp ? last : null)
  }

  rest(): void {
    for (const reading of this.#requests.values()) reading.rest()
    for (const reading of this.#answers.values()) reading.rest()
  }

  of(other: ExchangeView): Subject {
    return this.#parts.of(other)
  }

  contextWindow({ model, backendType }: AttemptView): number | null {
    return model === null ? null : this.#parts.models.contextWindow(model, backendType)
  }

  countTokens(text: string): number {
    return this.#parts.models.countTokens(text)
  }

  /** Files of the original do not say it. */
  #clientProtocol(): string | null {
    const { protocol, ctp } = this.exchange
    return protocol ?? protocolOfUrl(ctp?.url ?? null)
  }

  #request(
    leg: LegView | null,
    protocol: string | null,
    passedOn?: () => RequestReading | null,
  ): RequestReading | null {
    if (!this.#isReadable(leg)) return null
    const { requests } = this.#parts
    const conversation = this.exchange.session ?? this.exchange.id
    const read = (bytes: Buffer) => requests.read(conversation, bytes)
    return kept(this.#requests, leg, () =>
      readRequest(leg, protocol, { read, ...(passedOn && { passedOn }) }),
    )
  }

  #answer(leg: LegView | null, protocol: string | null): AnswerReading | null {
    if (!this.#isReadable(leg)) return null
    return kept(this.#answers, leg, () => readAnswer(leg, protocol, this.exchange.stream))
  }

  /** What the capture itself lost a part of would look like somebody's fault. */
  #isReadable(leg: LegView | null): leg is LegView {
    return leg !== null && leg.missing === 0 && this.exchange.forgotten === undefined
  }
}

function kept<Reading>(map: Map<LegView, Reading>, leg: LegView, make: () => Reading): Reading {
  const known = map.get(leg)
  if (known !== undefined) return known
  const made = make()
  map.set(leg, made)
  return made
}
