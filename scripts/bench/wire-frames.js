// What a provider of each protocol sends for a stream of `frames` text deltas, and what a client of each asks.

const sse = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
const data = (value) => `data: ${JSON.stringify(value)}\n\n`
const id = 'bench-0123456789'
const usage = { input_tokens: 250, output_tokens: 100 }
const response = { id: `resp_${id}`, object: 'response', model: 'm', status: 'in_progress', output: [] }
const part = { item_id: 'msg_1', output_index: 0, content_index: 0 }
const message = { type: 'message', id: 'msg_1', role: 'assistant' }

/** By protocol: the blocks before the deltas, one delta, and those after. */
export const wireFrames = {
  'openai-chat': {
    before: () => chatChunk({ role: 'assistant', content: '' }, null),
    delta: (text) => chatChunk({ content: text }, null),
    after: () =>
      chatChunk({}, 'stop') +
      data({
        ...chat,
        choices: [],
        usage: { prompt_tokens: 250, completion_tokens: 100, total_tokens: 350 },
      }) +
      'data: [DONE]\n\n',
  },
  'openai-responses': {
    before: () =>
      typed('response.created', 0, { response }) +
      typed('response.output_item.added', 1, {
        output_index: 0,
        item: { ...message, status: 'in_progress', content: [] },
      }) +
      typed('response.content_part.added', 2, {
        ...part,
        part: { type: 'output_text', text: '', annotations: [] },
      }),
    delta: (text, number) =>
      typed('response.output_text.delta', number + 3, { ...part, delta: text, logprobs: [] }),
    after: (count, text) => {
      const output_text = { type: 'output_text', text, annotations: [] }
      const item = { ...message, status: 'completed', content: [output_text] }
      return (
        typed('response.output_text.done', count + 3, { ...part, text, logprobs: [] }) +
        typed('response.content_part.done', count + 4, { ...part, part: output_text }) +
        typed('response.output_item.done', count + 5, { output_index: 0, item }) +
        typed('response.completed', count + 6, {
          response: {
            ...response,
            status: 'completed',
            output: [item],
            usage: { ...usage, total_tokens: 350 },
          },
        })
      )
    },
  },
  'anthropic-messages': {
    before: () =>
      sse('message_start', {
        type: 'message_start',
        message: {
          id: `msg_${id}`,
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          usage,
        },
      }) +
      sse('content_block_start', {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'text', text: '' },
      }),
    delta: (text) =>
      sse('content_block_delta', {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text },
      }),
    after: () =>
      sse('content_block_stop', { type: 'content_block_stop', index: 0 }) +
      sse('message_delta', {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage,
      }) +
      sse('message_stop', { type: 'message_stop' }),
  },
  gemini: {
    before: () => '',
    delta: (text) => data(geminiChunk(text)),
    after: () => data(geminiChunk('', 'STOP')),
  },
}

const chat = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1_767_614_400, model: 'm' }

function chatChunk(delta, finish) {
  return data({ ...chat, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })
}

function typed(type, sequence_number, fields) {
  return sse(type, { type, sequence_number, ...fields })
}

function geminiChunk(text, finishReason) {
  return {
    candidates: [
      { content: { role: 'model', parts: [{ text }] }, index: 0, ...(finishReason && { finishReason }) },
    ],
    usageMetadata: { promptTokenCount: 250, candidatesTokenCount: 100, totalTokenCount: 350 },
    modelVersion: 'm',
    responseId: id,
  }
}

/** By protocol: how a client asks a model for a stream. */
export const wireRequests = {
  'openai-chat': (model, content) => ({
    path: '/v1/chat/completions',
    body: {
      model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content }],
    },
  }),
  'openai-responses': (model, content) => ({
    path: '/v1/responses',
    body: { model, stream: true, store: false, input: content },
  }),
  'anthropic-messages': (model, content) => ({
    path: '/v1/messages',
    body: { model, stream: true, max_tokens: 1000, messages: [{ role: 'user', content }] },
  }),
  gemini: (model, content) => ({
    path: `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
    body: { contents: [{ role: 'user', parts: [{ text: content }] }] },
  }),
}

/** The protocol of a provider's path. */
export function protocolOfPath(path) {
  if (path.includes('streamGenerateContent')) return 'gemini'
  if (path.includes('/messages')) return 'anthropic-messages'
  return path.includes('/responses') ? 'openai-responses' : 'openai-chat'
}
