import { ProxyError } from '../../core/errors.ts'
import { isObject, type JsonObject, stringAt } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { recognisePurpose } from '../clients/call-purpose.ts'
import { type ConversationDigest, digestConversation } from '../sessions/digest-conversation.ts'
import { jsonPlaces, type Place } from './json-places.ts'
import { parseBody } from './parse-body.ts'
import { type RequestSize, requestSize } from './request-size.ts'

const maxDepth = 200

/** What a protocol read of it, but the conversation itself. */
export type BodyFacts = Omit<RequestFacts, 'conversation'>

/** What the pipeline must know of a request body, small enough to come back from a worker. */
export interface InspectedBody {
  facts: BodyFacts
  conversation: ConversationDigest
  /** A helper call of an agent, which names a conversation. */
  isTitleRequest: boolean
  model: Place | null
  streamOptions: { place: Place; value: JsonObject | null } | null
  /** All of them where the key is repeated; the last one counts, as in JSON.parse. */
  sessionId: { places: Place[]; value: string | null } | null
  /** openai-responses: the stored answer that it continues. */
  previousResponseId: string | null
  /** The position of the closing brace. */
  objectEnd: number
  /** Null where nobody asked for it. */
  size: RequestSize | null
}

/**
 * Reads the body of a generation request without changing it. Errors: `bad_json`, `bad_request` (not an
 * object), `too_deep`, `duplicate_model` (parsers disagree on which of two counts, so neither may).
 */
export function inspectBody(protocol: ProtocolName, bytes: Buffer, measures = false): InspectedBody {
  const body = parseBody(bytes)
  const { members, depth, objectEnd } = jsonPlaces(bytes)
  if (depth > maxDepth) {
    throw new ProxyError('too_deep', `the body nests ${depth} levels deep; at most ${maxDepth} are accepted`)
  }
  const models = members.filter((member) => member.key === 'model')
  if (models.length > 1) {
    throw new ProxyError('duplicate_model', 'the body has two "model" keys; send one', { param: 'model' })
  }
  const read = protocolNamed(protocol).readRequest(body)
  const { conversation, toolNames } = read
  const options = members.findLast((member) => member.key === 'stream_options')
  const sessions = members.filter((member) => member.key === 'session_id')
  return {
    facts: withoutConversation(read),
    conversation: digestConversation(conversation),
    isTitleRequest: recognisePurpose('generate', { conversation, toolNames }) === 'title',
    model: models[0] ?? null,
    streamOptions: options
      ? { place: options, value: isObject(body.stream_options) ? body.stream_options : null }
      : null,
    sessionId:
      sessions.length > 0
        ? { places: sessions, value: typeof body.session_id === 'string' ? body.session_id : null }
        : null,
    previousResponseId: stringAt(body, 'previous_response_id') ?? null,
    objectEnd,
    size: measures ? requestSize(protocol, body, bytes) : null,
  }
}

function withoutConversation(read: RequestFacts): BodyFacts {
  const { model, stream, asksForUsage, userId, promptCacheKey, toolNames, systemStart } = read
  return { model, stream, asksForUsage, userId, promptCacheKey, toolNames, systemStart }
}
