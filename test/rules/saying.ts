import type { Event } from '../../src/core/event.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { AnswerAbout } from '../../src/core/protocol.ts'
import type { ProtocolName } from '../../src/core/protocol-name.ts'
import { protocolNamed } from '../../src/protocols/index.ts'
import { emptyCall } from '../../src/protocols/translation/empty-call.ts'

export const source = { protocol: 'gemini', model: 'gemini-3-pro' } as const

function about(from: AnswerAbout['source'] = source): AnswerAbout {
  const { messages: _messages, ...call } = emptyCall({ model: 'm', stream: true })
  return {
    ...{ exchangeId: 'x_0123456789abcdefghij', createdS: 1, framing: 'sse', source: from },
    call: { ...call, reasoning: { effort: null, budgetTokens: null, adaptive: true, visible: true } },
  }
}

/** The events' stream for a client, as the objects of its `data:` lines. */
export function stream(
  client: ProtocolName,
  events: readonly Event[],
  from?: AnswerAbout['source'],
): JsonObject[] {
  const encoder = protocolNamed(client).streamEncoder(about(from))
  return dataOf(encoder.push(events) + encoder.end())
}

export function dataOf(text: string): JsonObject[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as JsonObject)
}

/** What a provider's stream says. */
export function read(provider: ProtocolName, blocks: readonly (object | string)[]): Event[] {
  const decoder = protocolNamed(provider).streamDecoder('sse')
  const text = blocks
    .map((block) => (typeof block === 'string' ? block : `data: ${JSON.stringify(block)}\n\n`))
    .join('')
  return [...decoder.push(Buffer.from(text)), ...decoder.end()]
}

/** A client's request as a backend of another protocol gets it. */
export function request(
  client: ProtocolName,
  body: JsonObject,
  backend: ProtocolName,
  model = 'a-model',
  backendType = 'vllm',
) {
  const call = protocolNamed(client).decodeRequest(body, { model, stream: false })
  const encoded = protocolNamed(backend).encodeRequest(call, { backendType, model, askForUsage: false })
  // biome-ignore lint/suspicious/noExplicitAny: each rule looks at another part of another protocol's request.
  return { body: encoded.body as any, lost: encoded.lost.map(({ loss }) => loss), edits: encoded.edits }
}
