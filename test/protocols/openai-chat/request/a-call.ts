import type { Call, Message } from '../../../../src/core/call.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import type { EncodedRequest } from '../../../../src/core/protocol.ts'
import { openAiChat } from '../../../../src/protocols/openai-chat/index.ts'
import { emptyCall } from '../../../../src/protocols/translation/empty-call.ts'

export const hi: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] }

function callWith(wishes: Partial<Call>): Call {
  return { ...emptyCall({ model: 'asked-for', stream: false }), messages: [hi], ...wishes }
}

/** The call in the words of a backend's chat; OpenAI's gpt-4o where nothing else is said. */
export function encoded(
  wishes: Partial<Call>,
  { backendType = 'openai', model = 'gpt-4o', askForUsage = false } = {},
): EncodedRequest {
  return openAiChat.encodeRequest(callWith(wishes), { backendType, model, askForUsage })
}

export function messagesOf(messages: Message[], target: Parameters<typeof encoded>[1] = {}): JsonObject[] {
  return encoded({ messages }, target).body.messages as JsonObject[]
}

export function lossesOf({ lost }: EncodedRequest): string[] {
  return lost.map(({ loss }) => loss)
}

export function decoded(body: JsonObject): Call {
  return openAiChat.decodeRequest(
    { messages: [{ role: 'user', content: 'hi' }], ...body },
    { model: 'm', stream: false },
  )
}
