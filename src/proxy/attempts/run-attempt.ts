import { answerHeaders } from '../../backends/answer-headers.ts'
import type { Outgoing } from '../../backends/send.ts'
import type { Backend } from '../../core/backend.ts'
import type { Attempt } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { type AnswerExpectation, chooseReceiver } from '../answer/choose-receiver.ts'
import { ownHeaders, wholeAnswerHeaders } from '../answer/own-headers.ts'
import type { AnswerHead, AttemptResult } from '../answer/receiver.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import type { TranslatedRequest } from '../translation/translate-request.ts'
import { translatingFor } from '../translation/translating-for.ts'
import { translatingReceiver } from '../translation/translating-receiver.ts'
import { AttemptRun } from './attempt.ts'

export interface RunAttemptInput {
  run: ExchangeRun
  backend: Backend
  outgoing: Outgoing
  attempt: Attempt
  mayFailOver: boolean
  /** Whether the answer is of a kind that we decode. */
  decoded: boolean
  repeatable: boolean
  streamAsked: boolean
  hidesUsageChunk: boolean
  onFirstContent: () => void
  /** The request went out in another protocol than the client's. */
  translated: TranslatedRequest | null
  /** Whose the answer is, should it be kept. */
  owner: string | null
}

/** Sends one request of an exchange and feeds its answer to the client, as far as it is one. */
export function runAttempt(input: RunAttemptInput): Promise<AttemptResult> {
  const { run, backend, outgoing, attempt } = input
  const { services, observation, outlet, call, bond } = run
  const expected: AnswerExpectation = {
    protocol: protocolNamed(attempt.protocol),
    decoded: input.decoded,
    framing: call.route.inPath?.framing ?? 'sse',
    streamAsked: input.streamAsked,
    hidesUsageChunk: input.hidesUsageChunk,
    clientAcceptEncoding: headerValue(call.headers, 'accept-encoding'),
    keepaliveMs: call.state.keepaliveMs,
    attempt,
    observation,
    outlet,
    clock: services.clock,
    begin: (head, about) => beginAnswer(input, head, about),
    translating: null,
  }
  if (input.translated) {
    const translating = translatingFor(run, attempt, input.translated, input.owner)
    expected.translating = (head, control) => translatingReceiver(expected, translating, head, control)
  }
  const running = new AttemptRun({
    pools: services.pools,
    clock: services.clock,
    backend,
    outgoing,
    attempt,
    observation,
    mayFailOver: input.mayFailOver,
    repeatable: input.repeatable,
    chooseReceiver: (head, control) => {
      services.backendWatch.answered(backend, head.status, head.headers)
      const onFirstContent = () => {
        control.onFirstContent()
        input.onFirstContent()
      }
      const { flow, settle, onPaused } = control
      return chooseReceiver(expected, head, { flow, settle, onPaused, onFirstContent })
    },
  }).start()
  bond.run(running, backend.drainMs)
  return running.result.then((result) => {
    // What a provider quotes in its error may be the key that it was given; the ledger keeps it.
    if (attempt.reason !== null) attempt.reason = services.redactText(attempt.reason)
    return result
  })
}

function beginAnswer(
  { run, attempt }: RunAttemptInput,
  head: AnswerHead,
  about: { decoded: boolean; streams: boolean; length: number | null },
): void {
  const { exchange, observation, outlet } = run
  const ours = ownHeaders(exchange)
  if (about.length !== null) {
    const { priceOf } = run.services
    ours.push(...wholeAnswerHeaders({ exchange, attempt, priceOf, nowNs: observation.nowNs() }))
    ours.push(['content-length', String(about.length)])
  }
  // A body of known length gets its own content-length; a passed one keeps the backend's.
  const stream = about.streams || about.length !== null
  outlet.head(head.status, [...answerHeaders(head.headers, { bodyChanged: about.decoded, stream }), ...ours])
}
