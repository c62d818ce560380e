import { sseBlock } from '../sse-text.ts'
import {
  defaultUsage,
  type FakeAnswer,
  type FakeStream,
  type FakeToolCall,
  type FakeUsage,
} from './answer-options.ts'
import { streamHead, whole } from './encoded.ts'
import { paced, type Script } from './steps.ts'

const requestHeaders = {
  'request-id': 'req_fake_anthropic',
  'anthropic-ratelimit-requests-limit': '4000',
  'anthropic-ratelimit-requests-remaining': '3999',
  'anthropic-ratelimit-requests-reset': '2026-01-05T12:00:01Z',
}

/** A whole anthropic-messages answer. */
export function anthropicAnswer(options: FakeAnswer = {}): Script {
  return whole(200, anthropicAnswerBody(options), { headers: { ...requestHeaders, ...options.headers } })
}

export function anthropicAnswerBody(options: FakeAnswer = {}): Record<string, unknown> {
  const text = options.text ?? (options.toolCalls ? undefined : 'Hello from the provider.')
  const content = [
    ...(text === undefined ? [] : [{ type: 'text', text }]),
    ...(options.toolCalls ?? []).map((call, index) => ({ ...toolUse(call, index), input: call.arguments })),
  ]
  return {
    ...message(options),
    content,
    stop_reason: options.toolCalls ? 'tool_use' : 'end_turn',
    usage: fullUsage(options.usage ?? defaultUsage),
  }
}

/** A streamed anthropic-messages answer: one text block of these pieces, then a block for each tool call. */
export function anthropicStream(
  pieces: readonly string[] = ['Hello', ' there'],
  options: FakeStream = {},
): Script {
  return [
    streamHead({ ...requestHeaders, ...options.headers }),
    paced(anthropicFrames(pieces, options), options.everyMs),
  ]
}

/** The blocks of `anthropicStream`, each complete with its blank line. */
export function anthropicFrames(pieces: readonly string[], options: FakeStream = {}): string[] {
  const usage = options.usage ?? defaultUsage
  const frames = [
    event('message_start', {
      message: { ...message(options), usage: { ...fullUsage(usage), output_tokens: 1 } },
    }),
  ]
  let index = 0
  const block = (contentBlock: unknown, deltas: readonly unknown[]) => {
    frames.push(event('content_block_start', { index, content_block: contentBlock }))
    if (index === 0) frames.push(event('ping', {}))
    for (const delta of deltas) frames.push(event('content_block_delta', { index, delta }))
    frames.push(event('content_block_stop', { index }))
    index++
  }
  if (pieces.length > 0) {
    block(
      { type: 'text', text: '' },
      pieces.map((text) => ({ type: 'text_delta', text })),
    )
  }
  options.toolCalls?.forEach((call, number) => {
    const json = JSON.stringify(call.arguments)
    const half = Math.ceil(json.length / 2)
    block(
      toolUse(call, number),
      ['', json.slice(0, half), json.slice(half)].map((partial) => ({
        type: 'input_json_delta',
        partial_json: partial,
      })),
    )
  })
  frames.push(
    event('message_delta', {
      delta: { stop_reason: options.toolCalls ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.completion },
    }),
    event('message_stop', {}),
  )
  return frames
}

function event(type: string, rest: Record<string, unknown>): string {
  return sseBlock({ type, ...rest }, type)
}

function message(options: { id?: string; model?: string }): Record<string, unknown> {
  return {
    id: options.id ?? 'msg_fake1',
    type: 'message',
    role: 'assistant',
    model: options.model ?? 'claude-fake',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  }
}

function toolUse(call: FakeToolCall, index: number): Record<string, unknown> {
  return { type: 'tool_use', id: call.id ?? `toolu_fake${index}`, name: call.name, input: {} }
}

/** `prompt` is what was neither read from nor written to the cache, as Anthropic counts. */
function fullUsage(usage: FakeUsage): Record<string, unknown> {
  return {
    input_tokens: usage.prompt,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached ?? 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.completion,
    service_tier: 'standard',
  }
}
