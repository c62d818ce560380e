import type { Amounts, ToolCall } from '../plan.ts'
import { halves, type Said, type Speech, sse } from './speech.ts'

type Fields = Record<string, unknown>

export const responses: Speech = {
  openingTells: 'nothing',
  whole: (said) => response(said, 'completed', itemsOf(said)),
  frames(said) {
    const events = new Events()
    const opening = [
      events.next('response.created', { response: response(said, 'in_progress', []) }),
      events.next('response.in_progress', { response: response(said, 'in_progress', []) }),
    ]
    const item = messageItem(said)
    const place = { item_id: item.id, output_index: 0, content_index: 0 }
    const open = [
      events.next('response.output_item.added', {
        output_index: 0,
        item: { ...item, status: 'in_progress', content: [] },
      }),
      events.next('response.content_part.added', { ...place, part: textPart('') }),
    ]
    const deltas = said.pieces.map((delta) =>
      events.next('response.output_text.delta', { ...place, delta, logprobs: [] }),
    )
    const failed = { ...response(said, 'failed', []), error: { code: 'server_error', message: 'It broke.' } }
    const error = sse(
      { type: 'response.failed', sequence_number: events.count, response: failed },
      'response.failed',
    )
    const closing = [
      events.next('response.output_text.done', { ...place, text: said.text, logprobs: [] }),
      events.next('response.content_part.done', { ...place, part: textPart(said.text) }),
      events.next('response.output_item.done', { output_index: 0, item }),
      ...said.calls.flatMap((call, index) =>
        callEvents(events, call, callItem(said, call, index), index + 1),
      ),
      events.next('response.completed', { response: response(said, 'completed', itemsOf(said)) }),
    ]
    return { opening: [...opening, ...open], content: deltas, closing, error }
  },
  error: (status) => ({
    error: { message: `Error ${status} of the provider.`, type: 'server_error', param: null, code: null },
  }),
}

class Events {
  count = 0
  next(type: string, rest: Fields): string {
    return sse({ type, sequence_number: this.count++, ...rest }, type)
  }
}

function callEvents(events: Events, call: ToolCall, item: Fields, index: number): string[] {
  const place = { item_id: item.id, output_index: index }
  return [
    events.next('response.output_item.added', {
      output_index: index,
      item: { ...item, status: 'in_progress', arguments: '' },
    }),
    ...halves(call).map((delta) =>
      events.next('response.function_call_arguments.delta', { ...place, delta }),
    ),
    events.next('response.function_call_arguments.done', {
      ...{ ...place, name: call.name, arguments: item.arguments },
    }),
    events.next('response.output_item.done', { output_index: index, item }),
  ]
}

function itemsOf(said: Said): Fields[] {
  return [messageItem(said), ...said.calls.map((call, index) => callItem(said, call, index))]
}

function messageItem({ id, text }: Said): Fields {
  const content = [textPart(text)]
  return { id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content }
}

function callItem({ id }: Said, call: ToolCall, index: number): Fields {
  return {
    ...{ id: `fc_${id}_${index}`, type: 'function_call', status: 'completed' },
    ...{ call_id: `call_${id}_${index}`, name: call.name, arguments: JSON.stringify(call.arguments) },
  }
}

function textPart(text: string): Fields {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function response({ id, model, tier, amounts }: Said, status: string, output: Fields[]): Fields {
  return {
    ...{ id: `resp_${id}`, object: 'response', created_at: 1_764_547_200, status, error: null },
    ...{ incomplete_details: null, instructions: null, metadata: {}, model, output },
    ...{ parallel_tool_calls: true, tool_choice: 'auto', tools: [], service_tier: tier },
    usage: status === 'completed' && amounts ? usageOf(amounts) : null,
  }
}

/** As chat's, in other words. */
function usageOf({ fresh, cacheRead, cacheWrite, cacheWriteHour, visible, reasoning }: Amounts): Fields {
  const prompt = fresh + cacheRead + cacheWrite + cacheWriteHour
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cacheRead },
    output_tokens: visible + reasoning,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + visible + reasoning,
  }
}
