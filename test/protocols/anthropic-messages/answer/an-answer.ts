import type { Call } from '../../../../src/core/call.ts'
import type { Event } from '../../../../src/core/event.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import type { AnswerAbout, StreamEncoder } from '../../../../src/core/protocol.ts'
import type { ProtocolName } from '../../../../src/core/protocol-name.ts'
import { anthropicMessages } from '../../../../src/protocols/anthropic-messages/index.ts'
import { emptyCall } from '../../../../src/protocols/translation/empty-call.ts'
import { sseBlocks } from '../../../support/sse-text.ts'

/** An answer that comes from a model of this protocol to Claude Code. */
export function anAbout(protocol: ProtocolName = 'openai-chat', call: Partial<Call> = {}): AnswerAbout {
  return {
    exchangeId: 'x_01k7abc',
    createdS: 1_767_614_400,
    source: { protocol, model: 'backend-model' },
    call: { ...emptyCall({ model: 'fast', stream: true }), ...call },
    framing: 'sse',
  }
}

/** What a stream of these events says, as the client reads it; each event by itself, then the end. */
export function streamed(
  events: readonly Event[],
  about: AnswerAbout = anAbout(),
): { text: string; said: JsonObject[]; encoder: StreamEncoder } {
  const encoder = anthropicMessages.streamEncoder(about)
  const text = events.map((event) => encoder.push([event])).join('') + encoder.end()
  return { text, said: readBack(text), encoder }
}

/** The data of each block; its `event:` line must say the same type. */
function readBack(text: string): JsonObject[] {
  return sseBlocks(text).map(({ event, data }) => {
    const json = JSON.parse(data) as JsonObject
    if (json.type !== event) throw new Error(`${event} says ${String(json.type)}`)
    return json
  })
}

/** The blocks of a stream put together, as clients do: text, thoughts and arguments joined. */
export function blocksOf(said: readonly JsonObject[]): JsonObject[] {
  const blocks: JsonObject[] = []
  for (const { type, content_block, delta } of said) {
    if (type === 'content_block_start') blocks.push({ ...(content_block as JsonObject) })
    if (type === 'content_block_delta') addDelta(blocks.at(-1) ?? {}, delta as JsonObject)
  }
  return blocks
}

function addDelta(block: JsonObject, { type: _type, ...delta }: JsonObject): void {
  for (const [key, value] of Object.entries(delta)) {
    if (key === 'citation') block.citations = [...((block.citations as []) ?? []), value as JsonObject]
    else block[key] = `${(block[key] as string) ?? ''}${value as string}`
  }
}
