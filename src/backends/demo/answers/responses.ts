import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { argumentPieces, type Beat, paceOf } from '../pacing.ts'
import type { DemoAnswer } from './answer.ts'

type Status = 'in_progress' | 'completed' | 'incomplete'

/** A whole openai-responses answer, which repeats the request's settings as the real one does. */
export function responsesWhole(answer: DemoAnswer, request: JsonObject): JsonObject {
  return response(answer, request, finalStatus(answer), outputItems(answer))
}

/** A streamed openai-responses answer: every item opened, filled, closed; a terminal event with the whole response. */
export function responsesStream(answer: DemoAnswer, request: JsonObject): Beat[] {
  const pace = paceOf()
  const beats: Beat[] = []
  const event: Emit = (afterMs, type, rest) => {
    const data = JSON.stringify({ type, sequence_number: beats.length, ...rest })
    beats.push({ afterMs, text: `event: ${type}\ndata: ${data}\n\n` })
  }
  const opening = response(answer, request, 'in_progress', [])
  event(0, 'response.created', { response: opening })
  event(0, 'response.in_progress', { response: opening })
  outputItems(answer).forEach((item, index) => {
    const call = item.type === 'function_call' ? answer.reply.calls[index] : undefined
    if (call) callEvents(event, pace, item, index, argumentPieces(call))
    else messageEvents(event, pace, item, index, answer.reply.pieces)
  })
  const status = finalStatus(answer)
  event(0, `response.${status}`, { response: responsesWhole(answer, request) })
  return beats
}

type Emit = (afterMs: number, type: string, rest: JsonObject) => void

function messageEvents(
  event: Emit,
  pace: () => number,
  item: JsonObject,
  index: number,
  pieces: readonly string[],
): void {
  const place = { item_id: item.id, output_index: index, content_index: 0 }
  const text = pieces.join('')
  event(0, 'response.output_item.added', {
    output_index: index,
    item: { ...item, status: 'in_progress', content: [] },
  })
  event(0, 'response.content_part.added', { ...place, part: textPart('') })
  for (const delta of pieces) event(pace(), 'response.output_text.delta', { ...place, delta, logprobs: [] })
  event(0, 'response.output_text.done', { ...place, text, logprobs: [] })
  event(0, 'response.content_part.done', { ...place, part: textPart(text) })
  event(0, 'response.output_item.done', { output_index: index, item })
}

function callEvents(
  event: Emit,
  pace: () => number,
  item: JsonObject,
  index: number,
  pieces: readonly string[],
): void {
  const place = { item_id: item.id, output_index: index }
  const opened = { ...item, status: 'in_progress', arguments: '' }
  event(pace(), 'response.output_item.added', { output_index: index, item: opened })
  for (const delta of pieces) event(pace(), 'response.function_call_arguments.delta', { ...place, delta })
  event(0, 'response.function_call_arguments.done', { ...place, name: item.name, arguments: item.arguments })
  event(0, 'response.output_item.done', { output_index: index, item })
}

function outputItems({ reply }: DemoAnswer): JsonObject[] {
  if (reply.calls.length > 0) {
    return reply.calls.map((call) => ({
      id: `fc_${call.id}`,
      type: 'function_call',
      status: 'completed',
      arguments: JSON.stringify(call.arguments),
      call_id: `call_${call.id}`,
      name: call.name,
    }))
  }
  const status = reply.stop === 'length' ? 'incomplete' : 'completed'
  const content = [textPart(reply.pieces.join(''))]
  return [{ id: `msg_${reply.id}`, type: 'message', status, role: 'assistant', content }]
}

function textPart(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function finalStatus({ reply }: DemoAnswer): Status {
  return reply.stop === 'length' ? 'incomplete' : 'completed'
}

function response(answer: DemoAnswer, request: JsonObject, status: Status, output: JsonObject[]): JsonObject {
  const createdS = Math.floor(answer.createdAtMs / 1000)
  return {
    id: `resp_${answer.reply.id}`,
    object: 'response',
    created_at: createdS,
    status,
    background: false,
    ...(status !== 'in_progress' && { completed_at: createdS }),
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: isObject(request.metadata) ? request.metadata : {},
    model: answer.model,
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: request.temperature ?? 1,
    text: request.text ?? { format: { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: status === 'in_progress' ? null : usage(answer),
    user: request.user ?? null,
  }
}

function usage({ reply }: DemoAnswer): Json {
  return {
    input_tokens: reply.promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: reply.completionTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: reply.promptTokens + reply.completionTokens,
  }
}
