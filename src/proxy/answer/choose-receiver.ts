import type { Clock } from '../../core/clock.ts'
import type { Attempt } from '../../core/exchange.ts'
import { headerValue } from '../../core/http.ts'
import type { Protocol, StreamFraming } from '../../core/protocol.ts'
import { encodingsOf } from '../body/content-encoding.ts'
import type { Observation } from '../observation.ts'
import { acceptsEncoding } from './accept-encoding.ts'
import { decodingReceiver } from './content-decoding.ts'
import type { Outlet } from './outlet.ts'
import { PassingReceiver } from './passing-receiver.ts'
import type { AnswerHead, AttemptControl, Flow, Receiver } from './receiver.ts'
import { RefusalReceiver } from './refusal-receiver.ts'
import { SameBytes } from './stream-passage.ts'
import { StreamReceiver } from './stream-receiver.ts'
import { UsageChunkFilter } from './usage-chunk-filter.ts'
import { WholeReceiver } from './whole-receiver.ts'

/** What is known before the answer of one attempt comes. */
export interface AnswerExpectation {
  /** The backend's. */
  protocol: Protocol
  /** Whether the route is one whose answers we decode; others pass unseen. */
  decoded: boolean
  /** A stream in this framing when the answer is not server-sent events (Gemini's array). */
  framing: StreamFraming
  streamAsked: boolean
  /** We asked for the usage chunk and the client did not. */
  hidesUsageChunk: boolean
  clientAcceptEncoding: string | undefined
  keepaliveMs: number
  attempt: Attempt
  observation: Observation
  outlet: Outlet
  clock: Clock
  /** Sends the head to the client: without the backend's content-encoding when `decoded`. */
  begin: (head: AnswerHead, about: { decoded: boolean; streams: boolean; length: number | null }) => void
  /** The answer of another protocol becomes the client's; null where both are the same. */
  translating: ((head: AnswerHead, control: AttemptControl) => ChosenReceiver) | null
}

export interface ChosenReceiver {
  receiver: Receiver
  streams: boolean
}

/** The receiver for an answer, by its status and content type. */
export function chooseReceiver(
  expected: AnswerExpectation,
  head: AnswerHead,
  control: AttemptControl,
): ChosenReceiver {
  const { protocol, observation, attempt, outlet } = expected
  const { flow, settle, onPaused } = control
  if (head.status >= 300) {
    const nowMs = () => expected.clock.nowMs()
    const mayRedirect = !expected.decoded
    const parts = { protocol, head, observation, backend: attempt.backend, mayRedirect, nowMs, settle }
    return { receiver: new RefusalReceiver(parts), streams: false }
  }
  if (expected.translating) return expected.translating(head, control)
  if (!expected.decoded) {
    expected.begin(head, { decoded: false, streams: false, length: null })
    const receiver = new PassingReceiver({ attempt, observation, outlet, flow, onPaused, settle })
    return { receiver, streams: false }
  }
  const framing = streamFraming(expected, head)
  if (framing) return { receiver: streamReceiver(expected, head, framing, control), streams: true }
  const receiver = new WholeReceiver({
    protocol,
    head,
    attempt,
    observation,
    outlet,
    flow,
    onPaused,
    settle,
    begin: ({ decoded, length }) => expected.begin(head, { decoded, length, streams: false }),
    acceptsEncoding: (encoding) => acceptsEncoding(expected.clientAcceptEncoding, encoding),
  })
  return { receiver, streams: false }
}

function streamFraming(expected: AnswerExpectation, head: AnswerHead): StreamFraming | null {
  const type = headerValue(head.headers, 'content-type')?.toLowerCase() ?? ''
  if (type.startsWith('text/event-stream')) return 'sse'
  if (expected.streamAsked && expected.framing === 'json-array' && type.startsWith('application/json')) {
    return 'json-array'
  }
  return null
}

function streamReceiver(
  expected: AnswerExpectation,
  head: AnswerHead,
  framing: StreamFraming,
  control: AttemptControl,
): Receiver {
  const { protocol, attempt, observation, outlet, clock, keepaliveMs } = expected
  const encodings = encodingsOf(headerValue(head.headers, 'content-encoding'))
  const make = (flow: Flow): StreamReceiver => {
    const decoder = protocol.streamDecoder(framing)
    const usageFilter = expected.hidesUsageChunk && framing === 'sse' ? new UsageChunkFilter() : null
    const { id: exchangeId } = observation.exchange
    return new StreamReceiver({
      ...control,
      ...{ decoder, attempt, observation, outlet, clock, flow },
      passage: new SameBytes({ protocol, framing, decoder, exchangeId, usageFilter }),
      keepaliveMs: framing === 'sse' ? keepaliveMs : null,
      begin: () => expected.begin(head, { decoded: true, streams: true, length: null }),
    })
  }
  if (encodings.length === 0) return make(control.flow)
  const [encoding] = encodings
  const decoding =
    encodings.length === 1 && encoding ? decodingReceiver(encoding, control.flow, make) : undefined
  if (decoding) return decoding
  // An encoding that we did not ask for: the client may know it.
  expected.begin(head, { decoded: false, streams: true, length: null })
  return new PassingReceiver({ attempt, observation, outlet, ...control })
}
