import type { Json, JsonObject } from '../../../core/json.ts'
import { argumentPieces, type Beat, paceOf } from '../pacing.ts'
import type { DemoAnswer } from './answer.ts'

const finishReasons = { stop: 'stop', tool: 'tool_calls', length: 'length' } as const

/** A whole openai-chat answer. */
export function chatWhole(answer: DemoAnswer): JsonObject {
  const { reply } = answer
  const calls = reply.calls.map((call) => ({
    id: `call_${call.id}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }))
  const content = calls.length > 0 ? null : reply.pieces.join('')
  return {
    ...envelope(answer, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          annotations: [],
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishReasons[reply.stop],
      },
    ],
    usage: usage(answer),
  }
}

/** A streamed openai-chat answer; the usage chunk only for those who asked for it. */
export function chatStream(answer: DemoAnswer, withUsage: boolean): Beat[] {
  const { reply } = answer
  const pace = paceOf()
  const beats: Beat[] = []
  const chunk = (afterMs: number, choices: Json[], reported: Json) => {
    const body = {
      ...envelope(answer, 'chat.completion.chunk'),
      choices,
      ...(withUsage && { usage: reported }),
    }
    beats.push({ afterMs, text: `data: ${JSON.stringify(body)}\n\n` })
  }
  const delta = (afterMs: number, value: JsonObject, finish: string | null = null) =>
    chunk(afterMs, [{ index: 0, delta: value, logprobs: null, finish_reason: finish }], null)

  const content = reply.calls.length > 0 ? null : ''
  delta(0, { role: 'assistant', content, refusal: null })
  for (const piece of reply.pieces) delta(pace(), { content: piece })
  reply.calls.forEach((call, index) => {
    const begun = {
      index,
      id: `call_${call.id}`,
      type: 'function',
      function: { name: call.name, arguments: '' },
    }
    delta(pace(), { tool_calls: [begun] })
    for (const piece of argumentPieces(call)) {
      delta(pace(), { tool_calls: [{ index, function: { arguments: piece } }] })
    }
  })
  delta(0, {}, finishReasons[reply.stop])
  if (withUsage) chunk(0, [], usage(answer))
  beats.push({ afterMs: 0, text: 'data: [DONE]\n\n' })
  return beats
}

function envelope(answer: DemoAnswer, object: string): JsonObject {
  return {
    id: `chatcmpl-${answer.reply.id}`,
    object,
    created: Math.floor(answer.createdAtMs / 1000),
    model: answer.model,
    service_tier: 'default',
    system_fingerprint: null,
  }
}

function usage({ reply }: DemoAnswer): JsonObject {
  return {
    prompt_tokens: reply.promptTokens,
    completion_tokens: reply.completionTokens,
    total_tokens: reply.promptTokens + reply.completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
