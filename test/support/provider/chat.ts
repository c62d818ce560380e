import { sseBlock } from '../sse-text.ts'
import { defaultUsage, type FakeAnswer, type FakeStream, type FakeUsage } from './answer-options.ts'
import { streamHead, whole } from './encoded.ts'
import { paced, type Script } from './steps.ts'

const created = 1_767_614_400
const requestHeaders = {
  'x-request-id': 'req_fake_chat',
  'openai-processing-ms': '42',
  'x-ratelimit-remaining-requests': '4999',
}

/** A whole openai-chat answer. */
export function chatAnswer(options: FakeAnswer = {}): Script {
  return whole(200, chatAnswerBody(options), { headers: { ...requestHeaders, ...options.headers } })
}

export function chatAnswerBody(options: FakeAnswer = {}): Record<string, unknown> {
  const calls = options.toolCalls?.map((call, index) => ({
    id: call.id ?? `call_fake${index}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }))
  const content = options.text ?? (calls ? null : 'Hello from the provider.')
  return {
    id: options.id ?? 'chatcmpl-fake1',
    object: 'chat.completion',
    created,
    model: options.model ?? 'gpt-fake',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          annotations: [],
          ...(calls && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: calls ? 'tool_calls' : 'stop',
      },
    ],
    usage: chatUsage(options.usage ?? defaultUsage),
    service_tier: 'default',
    system_fingerprint: 'fp_fake',
  }
}

export interface FakeChatStream extends FakeStream {
  /** The usage chunk that providers send to those who ask; default: none. */
  usage?: FakeUsage
}

/** A streamed openai-chat answer: these pieces of text, then the tool calls, finish, usage if given, `[DONE]`. */
export function chatStream(
  pieces: readonly string[] = ['Hello', ' there'],
  options: FakeChatStream = {},
): Script {
  return [
    streamHead({ ...requestHeaders, ...options.headers }),
    paced(chatFrames(pieces, options), options.everyMs),
  ]
}

/** The blocks of `chatStream`, each complete with its blank line. */
export function chatFrames(pieces: readonly string[], options: FakeChatStream = {}): string[] {
  const chunk = (choices: unknown[], usage: unknown = null) =>
    sseBlock({
      id: options.id ?? 'chatcmpl-fake1',
      object: 'chat.completion.chunk',
      created,
      model: options.model ?? 'gpt-fake',
      service_tier: 'default',
      system_fingerprint: 'fp_fake',
      choices,
      ...(options.usage && { usage }),
    })
  const delta = (value: unknown, finish: string | null = null) =>
    chunk([{ index: 0, delta: value, logprobs: null, finish_reason: finish }])
  const frames = [delta({ role: 'assistant', content: '', refusal: null })]
  for (const content of pieces) frames.push(delta({ content }))
  options.toolCalls?.forEach((call, index) => {
    const text = JSON.stringify(call.arguments)
    const half = Math.ceil(text.length / 2)
    const id = call.id ?? `call_fake${index}`
    frames.push(
      delta({ tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: '' } }] }),
      delta({ tool_calls: [{ index, function: { arguments: text.slice(0, half) } }] }),
      delta({ tool_calls: [{ index, function: { arguments: text.slice(half) } }] }),
    )
  })
  frames.push(delta({}, options.toolCalls ? 'tool_calls' : 'stop'))
  if (options.usage) frames.push(chunk([], chatUsage(options.usage)))
  frames.push('data: [DONE]\n\n')
  return frames
}

function chatUsage(usage: FakeUsage): Record<string, unknown> {
  return {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.completion,
    total_tokens: usage.prompt + usage.completion,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
