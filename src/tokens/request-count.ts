import { isObject, type Json } from '../core/json.ts'
import type { ProtocolName } from '../core/protocol-name.ts'
import { protocolNamed } from '../protocols/index.ts'
import { callContent } from './call-content.ts'
import { type PromptView, promptView } from './prompt-view.ts'

/** A request as it went over the wire, to be counted. */
export interface RequestToCount {
  protocol: ProtocolName
  model: string
  stream: boolean
  /** It is itself a request for a count. */
  counts: boolean
  body: Uint8Array
}

/** What a request holds, in tokens of o200k. */
export interface RequestCount {
  tokens: number
  /** Parts that are no text, counted by rule of thumb or not at all. */
  estimatedParts: number
  /** Results of tools in the request's last turn that tell of a failure. */
  toolErrors: number
  /** What a provider's count of it can be held against; null where the provider may read what is not in it. */
  view: PromptView | null
}

/** Null when the body is not one that this protocol can read. */
export function countRequest(request: RequestToCount, count: (text: string) => number): RequestCount | null {
  const { protocol: name, model, stream, counts } = request
  const protocol = protocolNamed(name)
  try {
    const body: Json = JSON.parse(Buffer.from(request.body).toString())
    if (!isObject(body)) return null
    const asked = counts ? (protocol.tokenCounting?.requestOf(body) ?? body) : body
    const call = protocol.decodeRequest(asked, { model, stream })
    const { texts, fixedTokens, estimatedParts } = callContent(call)
    const lastAnswer = call.messages.findLastIndex(({ role }) => role === 'assistant')
    const toolErrors = call.messages
      .slice(lastAnswer + 1)
      .flatMap((message) => (message.role === 'user' ? message.parts : []))
      .filter((part) => part.type === 'tool_result' && part.isError).length
    const textTokens = texts.map(count)
    const tokens = textTokens.reduce((sum, found) => sum + found, fixedTokens)
    const view = promptView(call, { texts, textTokens, count })
    return { tokens, estimatedParts, toolErrors, view }
  } catch {
    // What the provider may make of it is not ours to say: it is only not counted.
    return null
  }
}
