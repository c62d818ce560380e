import { sseBlock } from '../sse-text.ts'
import { defaultUsage, type FakeAnswer, type FakeStream, type FakeToolCall } from './answer-options.ts'
import { streamHead, whole } from './encoded.ts'
import { paced, type Script } from './steps.ts'

type Fields = Record<string, unknown>

const requestHeaders = { 'x-request-id': 'req_fake_responses', 'openai-processing-ms': '42' }

/** A whole openai-responses answer. */
export function responsesAnswer(options: FakeAnswer = {}): Script {
  return whole(200, responsesAnswerBody(options), { headers: { ...requestHeaders, ...options.headers } })
}

export function responsesAnswerBody(options: FakeAnswer = {}): Fields {
  const text = options.text ?? (options.toolCalls ? undefined : 'Hello from the provider.')
  return response(options, 'completed', items(text, options.toolCalls))
}

/** A streamed openai-responses answer: a message of these pieces, then the tool calls. */
export function responsesStream(
  pieces: readonly string[] = ['Hello', ' there'],
  options: FakeStream = {},
): Script {
  return [
    streamHead({ ...requestHeaders, ...options.headers }),
    paced(responsesFrames(pieces, options), options.everyMs),
  ]
}

/** The blocks of `responsesStream`, each complete with its blank line. */
export function responsesFrames(pieces: readonly string[], options: FakeStream = {}): string[] {
  const frames: string[] = []
  const event = (type: string, rest: Fields) =>
    frames.push(sseBlock({ type, sequence_number: frames.length, ...rest }, type))
  event('response.created', { response: response(options, 'in_progress', []) })
  event('response.in_progress', { response: response(options, 'in_progress', []) })
  const all = items(pieces.length > 0 ? pieces.join('') : undefined, options.toolCalls)
  all.forEach((item, index) => {
    if (item.type === 'message') streamMessage(event, item, index, pieces)
    else streamCall(event, item, index)
  })
  event('response.completed', { response: response(options, 'completed', all) })
  return frames
}

type Emit = (type: string, rest: Fields) => void

function streamMessage(event: Emit, item: Fields, index: number, pieces: readonly string[]): void {
  const place = { item_id: item.id, output_index: index, content_index: 0 }
  const text = pieces.join('')
  event('response.output_item.added', {
    output_index: index,
    item: { ...item, status: 'in_progress', content: [] },
  })
  event('response.content_part.added', { ...place, part: textPart('') })
  for (const delta of pieces) event('response.output_text.delta', { ...place, delta, logprobs: [] })
  event('response.output_text.done', { ...place, text, logprobs: [] })
  event('response.content_part.done', { ...place, part: textPart(text) })
  event('response.output_item.done', { output_index: index, item })
}

function streamCall(event: Emit, item: Fields, index: number): void {
  const place = { item_id: item.id, output_index: index }
  const json = String(item.arguments)
  const half = Math.ceil(json.length / 2)
  event('response.output_item.added', {
    output_index: index,
    item: { ...item, status: 'in_progress', arguments: '' },
  })
  for (const delta of [json.slice(0, half), json.slice(half)]) {
    event('response.function_call_arguments.delta', { ...place, delta })
  }
  event('response.function_call_arguments.done', { ...place, name: item.name, arguments: json })
  event('response.output_item.done', { output_index: index, item })
}

function items(text: string | undefined, calls: readonly FakeToolCall[] = []): Fields[] {
  const message: Fields = {
    id: 'msg_fake1',
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [textPart(text ?? '')],
  }
  return [
    ...(text === undefined ? [] : [message]),
    ...calls.map(
      (call, index): Fields => ({
        id: `fc_fake${index}`,
        type: 'function_call',
        status: 'completed',
        call_id: call.id ?? `call_fake${index}`,
        name: call.name,
        arguments: JSON.stringify(call.arguments),
      }),
    ),
  ]
}

function textPart(text: string): Fields {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function response(options: FakeStream, status: string, output: Fields[]): Fields {
  const usage = options.usage ?? defaultUsage
  return {
    id: options.id ?? 'resp_fake1',
    object: 'response',
    created_at: 1_767_614_400,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model: options.model ?? 'gpt-fake',
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: true,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage:
      status === 'completed'
        ? {
            input_tokens: usage.prompt,
            input_tokens_details: { cached_tokens: usage.cached ?? 0 },
            output_tokens: usage.completion,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: usage.prompt + usage.completion,
          }
        : null,
    user: null,
  }
}
