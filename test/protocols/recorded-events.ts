import type { Event } from '../../src/core/event.ts'
import { protocolNamed } from '../../src/protocols/index.ts'
import { utf8 } from '../support/chunking.ts'
import { type CorpusExchange, isJsonArray, wholeBody } from '../support/corpus.ts'

/** What a recorded answer says, read by its own protocol. */
export function recordedEvents(exchange: CorpusExchange): Event[] {
  const protocol = protocolNamed(exchange.protocol)
  const whole = wholeBody(exchange)
  if (!exchange.stream && whole !== undefined) return protocol.decodeAnswer(whole)
  const decoder = protocol.streamDecoder(isJsonArray(exchange) ? 'json-array' : 'sse')
  return [...decoder.push(utf8(exchange.response.body)), ...decoder.end()]
}
