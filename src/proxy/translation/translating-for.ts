import type { Attempt } from '../../core/exchange.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { ownHeaders, wholeAnswerHeaders } from '../answer/own-headers.ts'
import { requestIdHeader } from '../answer/request-id-header.ts'
import type { ExchangeRun } from '../exchange-run.ts'
import { AnswerTranslation } from './answer-translation.ts'
import { droppedNames } from './loss-policy.ts'
import type { TranslatedRequest } from './translate-request.ts'
import type { Translating } from './translating-receiver.ts'

/** What becomes of the answer to a translated request. */
export function translatingFor(
  run: ExchangeRun,
  attempt: Attempt,
  translated: TranslatedRequest,
  owner: string | null,
): Translating {
  const { call, exchange, services } = run
  const { keptInput: input } = translated
  const backend = protocolNamed(translated.protocol)
  const client = protocolNamed(call.route.protocol)
  const begin = (about: { streams: boolean; length: number | null }) => beginTranslated(run, attempt, about)
  if (call.route.kind === 'count_tokens') return { kind: 'count', backend, client, begin }
  const translation = new AnswerTranslation({
    ...{ backend, client, edits: translated.edits, streams: exchange.stream },
    about: {
      exchangeId: exchange.id,
      createdS: Math.floor(services.clock.nowMs() / 1000),
      source: { protocol: translated.protocol, model: attempt.model ?? '' },
      call: translated.call,
      framing: call.route.inPath?.framing ?? 'sse',
    },
    onLost: (lost) => attempt.dropped.push(...droppedNames(lost, client)),
    onAnswer: input === null ? null : (response) => services.storedResponses.keep(owner, { response, input }),
  })
  return { kind: 'answer', translation, begin }
}

/** The head of an answer that is ours: nothing of the backend's but its request's id. */
function beginTranslated(
  run: ExchangeRun,
  attempt: Attempt,
  { streams, length }: { streams: boolean; length: number | null },
): void {
  const { call, exchange, observation, outlet } = run
  const isSse = streams && (call.route.inPath?.framing ?? 'sse') === 'sse'
  const headers: [string, string][] = isSse ? [...eventStreamHeaders] : [['content-type', 'application/json']]
  headers.push([requestIdHeader(call.route.protocol), exchange.id], ...ownHeaders(exchange))
  if (length !== null) {
    headers.push(
      ...wholeAnswerHeaders({ exchange, attempt, priceOf: run.services.priceOf, nowNs: observation.nowNs() }),
    )
    headers.push(['content-length', String(length)])
  }
  outlet.head(200, headers)
}

const eventStreamHeaders: readonly [string, string][] = [
  ['content-type', 'text/event-stream; charset=utf-8'],
  ['cache-control', 'no-cache'],
  ['x-accel-buffering', 'no'],
]
