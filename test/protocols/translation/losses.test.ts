import { describe, expect, it } from 'vitest'
import type { Answer, AnswerPart } from '../../../src/core/answer.ts'
import type { AssistantPart, Call, Tool, UserPart } from '../../../src/core/call.ts'
import { type LossName, losses } from '../../../src/core/losses.ts'
import { type ProtocolName, protocolNames } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { emptyCall } from '../../../src/protocols/translation/empty-call.ts'

/** Every entry of the table happens, where it says and nowhere else: one request or answer for each. */
const asks: UserPart = { type: 'text', text: 'hi' }
const tool: Tool = { type: 'function', name: 'f', description: null, parameters: null, strict: null }
const search: Tool = {
  ...{ type: 'server', kind: 'web_search', name: 'web_search', raw: {} },
  search: {
    ...{ allowedDomains: ['a.com'], blockedDomains: ['b.com'], maxUses: 3, userLocation: { city: 'Paris' } },
    contextSize: 'high',
  },
}
const foreign: Tool = { type: 'server', kind: 'other', name: 'computer', raw: {} }
const reasoning = { effort: 'high' as const, budgetTokens: null, adaptive: false, visible: true }
const file = { kind: 'file' as const, id: 'file_1' }
const url = { kind: 'url' as const, url: 'http://example.com/a', mediaType: null }
const state = {
  protocol: 'gemini' as const,
  model: 'another',
  kind: 'thought_signature' as const,
  data: 'AA',
}

const said = (...parts: UserPart[]): Partial<Call> => ({ messages: [{ role: 'user', parts }] })
const turn = (...parts: AssistantPart[]): Partial<Call> => ({
  messages: [
    { role: 'user', parts: [asks] },
    { role: 'assistant', parts },
    { role: 'user', parts: [asks] },
  ],
})
const special = (loss: LossName): Partial<Call> => ({ special: [{ loss, param: loss }] })
const toolCall: AssistantPart = { type: 'tool_call', id: 'c', name: 'f', arguments: '{}' }

/** Models that refuse as much as possible, where it is the model that refuses. */
const strict: Readonly<Record<ProtocolName, string>> = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  'anthropic-messages': 'claude-opus-4-8',
  gemini: 'gemini-2.0-flash',
}
const plain: typeof strict = {
  'openai-chat': 'llama-3.3-70b',
  'openai-responses': 'gpt-4o',
  'anthropic-messages': 'claude-3-5-haiku-20241022',
  gemini: 'gemini-2.0-flash',
}

interface Trigger {
  call: Partial<Call>
  /** Default: models that refuse. */
  models?: typeof strict
}

const requests: Readonly<Partial<Record<LossName, Trigger>>> = {
  temperature: { call: { temperature: 0.5 } },
  top_p: { call: { topP: 0.5 } },
  top_k: { call: { topK: 5 } },
  seed: { call: { seed: 1 } },
  frequency_penalty: { call: { frequencyPenalty: 1 } },
  presence_penalty: { call: { presencePenalty: 1 } },
  logit_bias: { call: special('logit_bias') },
  stop: { call: { stop: ['x'] } },
  stop_of_spaces: { call: { stop: ['\n'] } },
  stop_sequences_beyond: { call: { stop: ['a', 'b', 'c', 'd', 'e', 'f'] } },
  n: { call: { choices: 2 } },
  logprobs: { call: { logprobs: { top: 2 } } },
  prediction: { call: special('prediction') },
  verbosity: { call: { verbosity: 'low' } },
  reasoning: { call: { reasoning }, models: plain },
  reasoning_state: { call: turn({ type: 'reasoning', text: '', state }, { type: 'text', text: 'a' }) },
  reasoning_text: { call: turn({ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'a' }) },
  json_mode: { call: { output: { type: 'json' }, tools: [tool] } },
  json_schema: {
    call: {
      output: { type: 'json_schema', name: 'a', description: null, schema: { type: 'object' }, strict: null },
      tools: [tool],
    },
    models: plain,
  },
  other_output: { call: special('other_output') },
  audio_output: { call: special('audio_output') },
  image_output: { call: special('image_output') },
  system_in_conversation: {
    call: {
      messages: [
        { role: 'user', parts: [asks] },
        { role: 'system', parts: [{ type: 'text', text: 's' }] },
        { role: 'user', parts: [asks] },
      ],
    },
    models: plain,
  },
  system_message_form: { call: special('system_message_form') },
  prefill: {
    call: {
      messages: [
        { role: 'user', parts: [asks] },
        { role: 'assistant', parts: [{ type: 'text', text: 'It is' }] },
      ],
    },
  },
  assistant_image: {
    call: turn({ type: 'media', mediaType: 'image/png', data: 'AAAA' }, { type: 'text', text: 'a' }),
  },
  cache_control: {
    call: said(
      ...['a', 'b', 'c', 'd', 'e'].map((text): UserPart => ({ type: 'text', text, cache: { ttl: null } })),
    ),
  },
  prompt_cache_key: { call: { promptCacheKey: 'k' } },
  image_detail: {
    call: said({
      ...{ type: 'image', detail: 'high' },
      source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
    }),
  },
  document_name: {
    call: said({
      ...{ type: 'document', name: 'a.pdf' },
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
    }),
  },
  citations: { call: special('citations') },
  image_url: { call: said({ type: 'image', source: url }) },
  document_url: { call: said({ type: 'document', source: url }) },
  document_type: {
    call: said({
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/zip', data: 'AAAA' },
    }),
  },
  file_id: { call: said({ type: 'image', source: file }) },
  audio_input: {
    call: said({ type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AAAA' } }),
  },
  audio_url: { call: said({ type: 'audio', source: url }) },
  video_input: {
    call: said({ type: 'video', source: { kind: 'base64', mediaType: 'video/mp4', data: 'AAAA' } }),
  },
  video_url: { call: said({ type: 'video', source: url }) },
  tool_strict: { call: { tools: [{ ...tool, strict: true }] }, models: plain },
  parallel_tool_calls: { call: { tools: [tool], parallelToolCalls: false } },
  tool_result_error: {
    call: {
      messages: [
        { role: 'user', parts: [asks] },
        { role: 'assistant', parts: [toolCall] },
        {
          role: 'user',
          parts: [
            { type: 'tool_result', callId: 'c', content: [{ type: 'text', text: 'x' }], isError: true },
          ],
        },
      ],
    },
  },
  custom_tool: { call: { tools: [{ type: 'custom', name: 'sql', description: null, format: null }] } },
  server_tool: { call: { tools: [tool, foreign] } },
  only_server_tools: { call: { tools: [foreign] } },
  server_tool_options: { call: { tools: [search] } },
  server_tool_history: { call: turn({ type: 'special', loss: 'server_tool_history', param: 'x', raw: {} }) },
  forced_tool: { call: { tools: [tool, foreign], toolChoice: { type: 'tool', name: 'computer' } } },
  previous_response_id: { call: { previousResponseId: 'resp_1' } },
  stored_state: { call: special('stored_state') },
  background: { call: special('background') },
  user: { call: { userId: 'u' } },
  metadata: { call: { metadata: { a: 'b' } } },
  service_tier: { call: { serviceTier: 'flex' } },
  store: { call: { store: true } },
  safety_settings: { call: special('safety_settings') },
  other_parameters: { call: special('other_parameters') },
  other_content: { call: said({ type: 'special', loss: 'other_content', param: 'x', raw: {} }) },
}

const answers: Readonly<Partial<Record<LossName, AnswerPart[] | 'pause' | 'stop sequence' | 'usage'>>> = {
  answer_media: [{ type: 'media', mediaType: 'image/png', data: 'AAAA' }],
  answer_citation: [
    {
      ...{ type: 'text', text: 'a' },
      citations: [{ url: null, title: null, quote: null, start: 0, end: 1 }],
    },
  ],
  answer_refusal: [{ type: 'refusal', text: 'no' }],
  answer_pause: 'pause',
  answer_stop_sequence: 'stop sequence',
  answer_server_tool: [{ type: 'server_tool', kind: 'code_execution', text: 'print(1)' }],
  answer_usage_details: 'usage',
  answer_thoughts: [{ type: 'reasoning', text: 'hm' }],
}

/** A follower that takes less than OpenAI, where it is the provider that takes less. */
const backendTypes: Readonly<Record<ProtocolName, string>> = {
  'openai-chat': 'groq',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
  gemini: 'gemini',
}
const byProvider: readonly LossName[] = [
  ...([
    'verbosity',
    'prompt_cache_key',
    'tool_strict',
    'custom_tool',
    'user',
    'metadata',
    'service_tier',
    'store',
  ] as const),
]

/** Where only some followers of OpenAI's chat, or some models, lose it. */
const chatTargets: Readonly<Partial<Record<LossName, { backendType: string; model: string }>>> = {
  json_schema: { backendType: 'deepseek', model: 'deepseek-chat' },
  json_mode: { backendType: 'openai', model: 'gpt-4o-search-preview' },
  system_in_conversation: { backendType: 'vllm', model: 'llama-3.3-70b' },
  parallel_tool_calls: { backendType: 'deepseek', model: 'deepseek-chat' },
  server_tool_options: { backendType: 'openai', model: 'gpt-4o-search-preview' },
}

function lostOfRequest(name: LossName, protocol: ProtocolName): LossName[] {
  const { call, models = strict } = requests[name] as Trigger
  const chosen = protocol === 'openai-chat' ? chatTargets[name] : undefined
  const model = chosen?.model ?? models[protocol]
  const backendType = chosen?.backendType ?? typeFor(name, protocol)
  const whole = { ...emptyCall({ model, stream: false }), ...said(asks), ...call }
  return protocolNamed(protocol)
    .encodeRequest(whole, { backendType, model, askForUsage: false })
    .lost.map(({ loss }) => loss)
}

function typeFor(name: LossName, protocol: ProtocolName): string {
  return protocol === 'openai-chat' && !byProvider.includes(name) ? 'openai' : backendTypes[protocol]
}

function lostOfAnswer(name: LossName, protocol: ProtocolName): LossName[] {
  const about = answers[name]
  const answer: Answer = {
    ...{ id: null, model: null },
    choices: [
      {
        parts: Array.isArray(about) ? about : [{ type: 'text', text: 'a' }],
        end: {
          ...{ reason: about === 'pause' ? 'pause' : 'stop', raw: '' },
          ...(about === 'stop sequence' && { stopSequence: 'x' }),
        },
        logprobs: [],
      },
    ],
    usage:
      about === 'usage'
        ? { promptTokens: 1, completionTokens: 1, completionAudioTokens: 1, cacheWriteTokens: 1, costUsd: 1 }
        : null,
  }
  const { messages: _messages, ...facts } = emptyCall({ model: 'm', stream: false })
  const encoded = protocolNamed(protocol).encodeAnswer(answer, {
    ...{ exchangeId: 'x_1', createdS: 0, call: facts, framing: 'sse' },
    source: { protocol: protocol === 'gemini' ? 'openai-chat' : 'gemini', model: 'm' },
  })
  return encoded.lost.map(({ loss }) => loss)
}

describe.each(Object.keys(losses) as LossName[])('%s', (name) => {
  const { side, missingIn } = losses[name]

  it('has a request or an answer here that loses it', () => {
    expect(side === 'request' ? requests[name] : answers[name]).toBeDefined()
  })

  it.each(protocolNames)('is lost at %s exactly where the table says so', (protocol) => {
    const lost = side === 'request' ? lostOfRequest(name, protocol) : lostOfAnswer(name, protocol)
    const isSpecial = side === 'request' && isNativeElsewhere(name, protocol)
    // What only one protocol has is not encoded for that protocol: such a request goes there as it is.
    if (isSpecial) return
    expect(lost.includes(name)).toBe((missingIn as readonly ProtocolName[]).includes(protocol))
  })
})

function isNativeElsewhere(name: LossName, protocol: ProtocolName): boolean {
  const { call } = requests[name] as Trigger
  const carried = call.special !== undefined || name === 'other_content'
  return carried && !(losses[name].missingIn as readonly ProtocolName[]).includes(protocol)
}
