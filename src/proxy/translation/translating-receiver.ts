import { headerValue } from '../../core/http.ts'
import type { Json } from '../../core/json.ts'
import type { Protocol } from '../../core/protocol.ts'
import type { AnswerExpectation, ChosenReceiver } from '../answer/choose-receiver.ts'
import { decodingReceiver } from '../answer/content-decoding.ts'
import type { AnswerHead, AttemptControl, Flow, Receiver } from '../answer/receiver.ts'
import { StreamReceiver } from '../answer/stream-receiver.ts'
import { encodingsOf } from '../body/content-encoding.ts'
import type { AnswerTranslation } from './answer-translation.ts'
import { CollectingReceiver } from './collecting-receiver.ts'
import { failedEnds, strictDecoder } from './failed-ends.ts'
import { TranslatedPassage } from './translated-passage.ts'
import { type WholeReading, WholeTranslatingReceiver } from './whole-translating-receiver.ts'

/** Sends the head of a translated answer; `length` null: it streams. */
export type BeginTranslated = (about: { streams: boolean; length: number | null }) => void

/** What a translated attempt expects: an answer, or the count of a request's tokens. */
export type Translating =
  | { kind: 'answer'; translation: AnswerTranslation; begin: BeginTranslated }
  | { kind: 'count'; backend: Protocol; client: Protocol; begin: BeginTranslated }

/** The receiver for a good answer of another protocol, by its content type and what the client asked for. */
export function translatingReceiver(
  expected: AnswerExpectation,
  translating: Translating,
  head: AnswerHead,
  control: AttemptControl,
): ChosenReceiver {
  const type = headerValue(head.headers, 'content-type')?.toLowerCase() ?? ''
  const streams = type.startsWith('text/event-stream')
  const make = (flow: Flow): Receiver =>
    translating.kind === 'answer' && streams
      ? streamingReceiver(expected, translating, { ...control, flow })
      : wholeReceiver(expected, translating, head, control)
  const [encoding] = streams ? encodingsOf(headerValue(head.headers, 'content-encoding')) : []
  const decoding = encoding === undefined ? undefined : decodingReceiver(encoding, control.flow, make)
  return { receiver: decoding ?? make(control.flow), streams }
}

function streamingReceiver(
  expected: AnswerExpectation,
  { translation, begin }: Extract<Translating, { kind: 'answer' }>,
  control: AttemptControl,
): Receiver {
  const { attempt, observation, outlet, clock, keepaliveMs } = expected
  const { backend, client, streams, about } = translation.parts
  const decoder = strictDecoder(backend.streamDecoder('sse'))
  if (!streams) {
    const { onFirstContent, settle } = control
    return new CollectingReceiver({
      ...{ decoder, attempt, observation, outlet, onFirstContent, settle },
      body: (events) => translation.whole(events),
      begin: (length) => begin({ streams: false, length }),
    })
  }
  return new StreamReceiver({
    ...control,
    ...{ decoder, attempt, observation, outlet, clock },
    passage: new TranslatedPassage(translation.words(), client.name),
    keepaliveMs: about.framing === 'sse' ? keepaliveMs : null,
    begin: () => begin({ streams: true, length: null }),
  })
}

function wholeReceiver(
  { attempt, observation, outlet }: AnswerExpectation,
  translating: Translating,
  head: AnswerHead,
  { settle }: AttemptControl,
): Receiver {
  const streams = translating.kind === 'answer' && translating.translation.parts.streams
  return new WholeTranslatingReceiver({
    ...{ head, attempt, observation, outlet, settle },
    read: translating.kind === 'answer' ? readAnswer(translating.translation) : readCount(translating),
    begin: (length) => translating.begin({ streams, length: streams ? null : length }),
  })
}

function readAnswer(translation: AnswerTranslation): (body: Json) => WholeReading | undefined {
  return (body) => {
    const events = failedEnds(translation.parts.backend.decodeAnswer(body))
    if (events.length === 0) return undefined
    const { streams } = translation.parts
    return { events, body: () => (streams ? translation.wholeStream(events) : translation.whole(events)) }
  }
}

function readCount({
  backend,
  client,
}: Extract<Translating, { kind: 'count' }>): (body: Json) => WholeReading | undefined {
  return (body) => {
    const tokens = backend.tokenCounting?.read(body)
    if (tokens === undefined) return undefined
    const count = client.tokenCounting?.encode(tokens) ?? {}
    return { events: [], body: () => Buffer.from(JSON.stringify(count)) }
  }
}
