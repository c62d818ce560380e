import type { Answer } from '../../../src/core/answer.ts'
import type { Event } from '../../../src/core/event.ts'
import type { AnswerAbout, StreamDecoder, StreamFraming } from '../../../src/core/protocol.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { emptyCall } from '../../../src/protocols/translation/empty-call.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { type CorpusExchange, isJsonArray, readCorpus, wholeBody } from '../../support/corpus.ts'

/** A recorded answer to a generation call, with what its own decoder reads in it. */
export interface RecordedAnswer {
  recorded: CorpusExchange
  streams: boolean
  framing: StreamFraming
  events: Event[]
}

/** Every recorded answer that came to a good end. */
export function recordedAnswers(): RecordedAnswer[] {
  return readCorpus()
    .filter(({ misc, response }) => misc === null && response.status < 300)
    .map((recorded): RecordedAnswer => {
      const framing = isJsonArray(recorded) ? 'json-array' : 'sse'
      const body = recorded.stream && framing === 'json-array' ? undefined : wholeBody(recorded)
      const streams = body === undefined
      const events = streams
        ? decoded(protocolNamed(recorded.protocol).streamDecoder(framing), [
            Buffer.from(recorded.response.body),
          ])
        : protocolNamed(recorded.protocol).decodeAnswer(body ?? null)
      return { recorded, streams, framing, events }
    })
    .filter(({ events }) => isOneGoodAnswer(events))
}

/** Some recordings are several answers put together, one stream each: nobody sends those. */
function isOneGoodAnswer(events: readonly Event[]): boolean {
  const count = (type: Event['type']) => events.filter((event) => event.type === type).length
  return count('end') === 1 && count('error') === 0 && count('start') <= 1
}

export function decoded(decoder: StreamDecoder, pieces: readonly Uint8Array[]): Event[] {
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()]
}

export function aboutAnswer(source: ProtocolName): AnswerAbout {
  const { messages: _messages, ...call } = emptyCall({ model: 'm', stream: true })
  return {
    ...{ exchangeId: 'x_0123456789abcdefghij', createdS: 1_767_614_400, framing: 'sse' },
    source: { protocol: source, model: 'm' },
    call: { ...call, reasoning: { effort: null, budgetTokens: null, adaptive: true, visible: true } },
  }
}

/** What of an answer must survive every protocol; words are put together, for blocks are not the same everywhere. */
export function essence(answer: Answer) {
  const [first] = answer.choices
  const parts = first?.parts ?? []
  const words = (...types: string[]) =>
    parts.flatMap((part) => (types.includes(part.type) && 'text' in part ? [part.text] : [])).join('')
  const sounds = parts.flatMap((part) => (part.type === 'media' ? [part.transcript ?? ''] : [])).join('')
  const { usage } = answer
  return {
    // A refusal and what the provider ran itself come as text where there is no other place (the losses table).
    text: (words('text', 'refusal', 'server_tool') + sounds).replace(/\s+/g, ''),
    reasoning: words('reasoning').replace(/\s+/g, ''),
    // Free text is the one string of an object where there are no custom tools.
    calls: parts.flatMap((part) =>
      part.type === 'tool_call'
        ? [
            {
              name: part.name,
              arguments: part.custom ? { input: part.arguments } : argumentsOf(part.arguments),
            },
          ]
        : [],
    ),
    stop: first?.end.reason === 'pause' ? 'stop' : first?.end.reason,
    usage:
      usage === null
        ? null
        : {
            input: usage.promptTokens ?? 0,
            output: usage.completionTokens ?? 0,
            cached: usage.cachedTokens ?? 0,
            reasoning: usage.reasoningTokens ?? 0,
          },
  }
}

function argumentsOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch {
    return text
  }
}

export function folded(events: readonly Event[]): Answer {
  return foldEvents(events, 'm')
}
