import { answerHeaders } from '../../backends/answer-headers.ts'
import type { Outgoing } from '../../backends/send.ts'
import type { Backend } from '../../core/backend.ts'
import type { Attempt } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { acceptsEncoding } from '../answer/accept-encoding.ts'
import { type AnswerExpectation, chooseReceiver } from '../answer/choose-receiver.ts'
import { ownHeaders, wholeAnswerHeaders } from '../answer/own-headers.ts'
import type { AnswerHead, AttemptResult } from '../answer/receiver.ts'
import { acceptedEncodings } from '../body/content-encoding.ts'
import type { ExchangeRun } from '../exchange-run.ts'
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
}

/** Sends one request of an exchange and feeds its answer to the client, as far as it is one. */
export function runAttempt(input: RunAttemptInput): Promise<AttemptResult> {
  const { run, backend, outgoing, attempt } = input
  const { services, observation, outlet, call, bond } = run
  const expected: AnswerExpectation = {
    protocol: protocolNamed(call.route.protocol),
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
      const onFirstContent = () => {
        control.onFirstContent()
        input.onFirstContent()
      }
      const { flow, settle, onPaused } = control
      return chooseReceiver(expected, head, { flow, settle, onPaused, onFirstContent })
    },
  }).start()
  bond.run(running, backend.drainMs)
  return running.result
}

function beginAnswer(
  { run, attempt }: RunAttemptInput,
  head: AnswerHead,
  about: { decoded: boolean; streams: boolean; length: number | null },
): void {
  const { exchange, observation, outlet } = run
  const ours = ownHeaders(exchange)
  if (about.length !== null) {
    ours.push(...wholeAnswerHeaders(attempt.usage, overheadNs(run, attempt, observation.nowNs())))
    ours.push(['content-length', String(about.length)])
  }
  // A body of known length gets its own content-length; a passed one keeps the backend's.
  const stream = about.streams || about.length !== null
  outlet.head(head.status, [...answerHeaders(head.headers, { bodyChanged: about.decoded, stream }), ...ours])
}

/** Our own time so far: from the request's last byte to the sending, and from the answer's last byte to now. */
function overheadNs({ exchange }: ExchangeRun, attempt: Attempt, nowNs: number): number | null {
  if (exchange.receivedNs === null || attempt.sentNs === null || attempt.lastByteNs === null) return null
  return Math.max(0, attempt.sentNs - exchange.receivedNs) + Math.max(0, nowNs - attempt.lastByteNs)
}

/** Of the encodings that we can decode those that the client takes, so that whole bodies can pass as they are. */
export function encodingsToAsk(clientAcceptEncoding: string | undefined): string {
  if (clientAcceptEncoding === undefined) return 'identity'
  const both = acceptedEncodings.filter((encoding) => acceptsEncoding(clientAcceptEncoding, encoding))
  return both.length > 0 ? both.join(', ') : 'identity'
}
