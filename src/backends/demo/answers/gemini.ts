import type { Json, JsonObject } from '../../../core/json.ts'
import type { StreamFraming } from '../../../core/protocol.ts'
import type { ReplyCall } from '../mind.ts'
import { type Beat, paceOf } from '../pacing.ts'
import { countTokens } from '../words.ts'
import type { DemoAnswer } from './answer.ts'

/** A whole gemini answer. */
export function geminiWhole(answer: DemoAnswer): JsonObject {
  const { reply } = answer
  const parts = reply.calls.length > 0 ? reply.calls.map(callPart) : [{ text: reply.pieces.join('') }]
  return chunk(answer, parts, reply.completionTokens, finishReason(answer))
}

/** A streamed gemini answer; the finish comes in a chunk of its own, as newer models do. */
export function geminiStream(answer: DemoAnswer, framing: StreamFraming): Beat[] {
  const { reply } = answer
  const pace = paceOf()
  let tokens = 0
  const chunks: [afterMs: number, body: JsonObject][] = [
    ...reply.pieces.map((text): [number, JsonObject] => {
      tokens += countTokens([text])
      return [pace(), chunk(answer, [{ text }], tokens)]
    }),
    ...reply.calls.map((call): [number, JsonObject] => [
      pace(),
      chunk(answer, [callPart(call)], reply.completionTokens),
    ]),
    [0, chunk(answer, [{ text: '' }], reply.completionTokens, finishReason(answer))],
  ]
  if (framing === 'sse') {
    return chunks.map(([afterMs, body]) => ({ afterMs, text: `data: ${JSON.stringify(body)}\n\n` }))
  }
  const elements = chunks.map(([afterMs, body], index) => ({
    afterMs,
    text: `${index === 0 ? '[' : ',\r\n'}${JSON.stringify(body)}`,
  }))
  return [...elements, { afterMs: 0, text: ']\r\n' }]
}

function chunk(answer: DemoAnswer, parts: Json[], completionTokens: number, finish?: string): JsonObject {
  const { promptTokens } = answer.reply
  return {
    candidates: [{ content: { parts, role: 'model' }, ...(finish && { finishReason: finish }), index: 0 }],
    usageMetadata: {
      promptTokenCount: promptTokens,
      candidatesTokenCount: completionTokens,
      totalTokenCount: promptTokens + completionTokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens }],
    },
    modelVersion: answer.model,
    responseId: answer.reply.id,
  }
}

function callPart(call: ReplyCall): JsonObject {
  return { functionCall: { name: call.name, args: call.arguments, id: `call_${call.id}` } }
}

function finishReason({ reply }: DemoAnswer): string {
  return reply.stop === 'length' ? 'MAX_TOKENS' : 'STOP'
}
