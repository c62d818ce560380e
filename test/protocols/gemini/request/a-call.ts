import type { Call, Message } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import type { EncodedRequest } from '../../../../src/core/protocol.ts'
import { gemini } from '../../../../src/protocols/gemini/index.ts'
import { emptyCall } from '../../../../src/protocols/translation/empty-call.ts'

export const hi: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] }

export function callWith(wishes: Partial<Call>): Call {
  return { ...emptyCall({ model: 'asked-for', stream: false }), messages: [hi], ...wishes }
}

/** The call in Gemini's words, for a model of 2.5 where nothing else is said. */
export function encoded(wishes: Partial<Call>, model = 'gemini-2.5-flash'): EncodedRequest {
  return gemini.encodeRequest(callWith(wishes), { backendType: 'gemini', model, askForUsage: false })
}

export function contentsOf(messages: Message[], model?: string): JsonObject[] {
  return encoded({ messages }, model).body.contents as JsonObject[]
}

export function lossesOf({ lost }: EncodedRequest): string[] {
  return lost.map(({ loss }) => loss)
}

/** A client's request, with words of the user where it has none. */
export function decoded(body: JsonObject): Call {
  return gemini.decodeRequest(
    { contents: [{ parts: [{ text: 'hi' }] }], ...body },
    { model: 'm', stream: false },
  )
}

export function messagesOf(...contents: JsonObject[]): Message[] {
  return decoded({ contents }).messages
}
