import type { JsonObject } from '../../../src/core/json.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'

export interface TypicalExchange {
  path: string
  host: string
  request: JsonObject
  /** An answer's JSON, or the blocks of its stream: JSON, or text that is none. */
  answer: JsonObject | readonly Block[]
}
type Block = JsonObject | string

const model = {
  'openai-chat': 'gpt-4o',
  'openai-responses': 'gpt-4o',
  'anthropic-messages': 'claude-sonnet-4-5',
  gemini: 'gemini-2.5-flash',
}

export const typicalModel = (protocol: ProtocolName): string => model[protocol]

/** "Hi" answered with "Hello there.", in the words of each protocol's documentation. */
export function typicalExchange(protocol: ProtocolName, stream: boolean): TypicalExchange {
  return typical[protocol](stream)
}

const typical: Record<ProtocolName, (stream: boolean) => TypicalExchange> = {
  'openai-chat': (stream) => {
    const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }
    const head = { id: 'chatcmpl-1', created: 1767614400, model: 'gpt-4o' }
    const chunk = (choices: JsonObject[], more = {}) => ({
      ...head,
      object: 'chat.completion.chunk',
      choices,
      ...more,
    })
    const delta = (part: JsonObject, finish: string | null = null) =>
      chunk([{ index: 0, delta: part, finish_reason: finish }])
    return {
      path: '/v1/chat/completions',
      host: 'api.openai.com',
      request: {
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'Hi' }],
        ...(stream && { stream, stream_options: { include_usage: true } }),
      },
      answer: stream
        ? [
            delta({ role: 'assistant', content: '' }),
            delta({ content: 'Hello' }),
            delta({ content: ' there.' }),
            delta({}, 'stop'),
            chunk([], { usage }),
            '[DONE]',
          ]
        : {
            ...head,
            object: 'chat.completion',
            choices: [
              { index: 0, message: { role: 'assistant', content: 'Hello there.' }, finish_reason: 'stop' },
            ],
            usage,
          },
    }
  },
  'openai-responses': (stream) => {
    const part = { type: 'output_text', text: 'Hello there.', annotations: [] }
    const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] }
    const usage = { input_tokens: 9, output_tokens: 4, total_tokens: 13 }
    const response = (status: string, more = {}) => ({
      ...{ id: 'resp_1', object: 'response', created_at: 1767614400, status, model: 'gpt-4o', output: [] },
      ...more,
    })
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const done = response('completed', { output: [item], usage })
    const events: JsonObject[] = [
      { type: 'response.created', response: response('in_progress') },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...item, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
      { type: 'response.output_text.delta', ...at, delta: 'Hello' },
      { type: 'response.output_text.delta', ...at, delta: ' there.' },
      { type: 'response.output_text.done', ...at, text: 'Hello there.' },
      { type: 'response.content_part.done', ...at, part },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: done },
    ]
    return {
      path: '/v1/responses',
      host: 'api.openai.com',
      request: { model: 'gpt-4o', input: 'Hi', ...(stream && { stream }) },
      answer: stream ? events.map((event, sequence_number) => ({ ...event, sequence_number })) : done,
    }
  },
  'anthropic-messages': (stream) => {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' }
    const usage = { input_tokens: 9, output_tokens: 4 }
    const end = { stop_reason: 'end_turn', stop_sequence: null }
    const block = (delta: string) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: delta },
    })
    return {
      path: '/v1/messages',
      host: 'api.anthropic.com',
      request: {
        model: 'claude-sonnet-4-5',
        max_tokens: 1024,
        messages: [{ role: 'user', content: 'Hi' }],
        ...(stream && { stream }),
      },
      answer: stream
        ? [
            {
              type: 'message_start',
              message: {
                ...message,
                content: [],
                stop_reason: null,
                stop_sequence: null,
                usage: { input_tokens: 9, output_tokens: 1 },
              },
            },
            { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
            { type: 'ping' },
            block('Hello'),
            block(' there.'),
            { type: 'content_block_stop', index: 0 },
            { type: 'message_delta', delta: end, usage: { output_tokens: 4 } },
            { type: 'message_stop' },
          ]
        : { ...message, content: [{ type: 'text', text: 'Hello there.' }], ...end, usage },
    }
  },
  gemini: (stream) => {
    const head = { modelVersion: 'gemini-2.5-flash', responseId: 'r1' }
    const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 4, totalTokenCount: 13 }
    const candidate = (text: string, more = {}) => ({
      candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }],
      ...head,
    })
    const ended = { finishReason: 'STOP' }
    return {
      path: `/v1beta/models/gemini-2.5-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      host: 'generativelanguage.googleapis.com',
      request: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
      answer: stream
        ? [candidate('Hello'), { ...candidate(' there.', ended), usageMetadata }]
        : { ...candidate('Hello there.', ended), usageMetadata },
    }
  },
}
