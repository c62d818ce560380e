import type { JsonObject } from '../../../core/json.ts'
import type { ReplyCall } from '../mind.ts'
import { argumentPieces, type Beat, paceOf } from '../pacing.ts'
import type { DemoAnswer } from './answer.ts'

const stopReasons = { stop: 'end_turn', tool: 'tool_use', length: 'max_tokens' } as const

/** A whole anthropic-messages answer. */
export function anthropicWhole(answer: DemoAnswer): JsonObject {
  const { reply } = answer
  const text = { type: 'text', text: reply.pieces.join(''), citations: null }
  return {
    ...envelope(answer),
    content: reply.calls.length > 0 ? reply.calls.map((call) => toolUse(call, call.arguments)) : [text],
    stop_reason: stopReasons[reply.stop],
    usage: { ...inputUsage(answer), output_tokens: reply.completionTokens, service_tier: 'standard' },
  }
}

/** A streamed anthropic-messages answer: blocks strictly one after the other. */
export function anthropicStream(answer: DemoAnswer): Beat[] {
  const { reply } = answer
  const pace = paceOf()
  const beats: Beat[] = []
  const event = (afterMs: number, type: string, rest: JsonObject = {}) =>
    beats.push({ afterMs, text: `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n` })

  const startUsage = { ...inputUsage(answer), output_tokens: 1, service_tier: 'standard' }
  event(0, 'message_start', { message: { ...envelope(answer), usage: startUsage } })
  event(0, 'ping')
  if (reply.pieces.length > 0) {
    event(0, 'content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
    for (const text of reply.pieces) {
      event(pace(), 'content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
    }
    event(0, 'content_block_stop', { index: 0 })
  }
  reply.calls.forEach((call, index) => {
    event(pace(), 'content_block_start', { index, content_block: toolUse(call, {}) })
    for (const piece of ['', ...argumentPieces(call)]) {
      event(pace(), 'content_block_delta', {
        index,
        delta: { type: 'input_json_delta', partial_json: piece },
      })
    }
    event(0, 'content_block_stop', { index })
  })
  event(0, 'message_delta', {
    delta: { stop_reason: stopReasons[reply.stop], stop_sequence: null },
    usage: { ...inputUsage(answer), output_tokens: reply.completionTokens },
  })
  event(0, 'message_stop')
  return beats
}

function envelope(answer: DemoAnswer): JsonObject {
  return {
    id: `msg_${answer.reply.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  }
}

function toolUse(call: ReplyCall, input: JsonObject): JsonObject {
  return { type: 'tool_use', id: `toolu_${call.id}`, name: call.name, input }
}

function inputUsage({ reply }: DemoAnswer): JsonObject {
  return { input_tokens: reply.promptTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
}
