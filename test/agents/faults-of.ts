import type { ProtocolName } from '../../src/core/protocol-name.ts'
import { toolNames } from './tool-names.ts'

// biome-ignore lint/suspicious/noExplicitAny: requests of four protocols.
type Wire = any

const known: Readonly<Record<ProtocolName, readonly string[]>> = {
  'openai-chat': [
    ...[
      'model',
      'messages',
      'tools',
      'tool_choice',
      'parallel_tool_calls',
      'max_tokens',
      'max_completion_tokens',
      // What stands here is a vLLM, which has it.
      'top_k',
    ],
    ...[
      'temperature',
      'top_p',
      'stop',
      'stream',
      'stream_options',
      'reasoning_effort',
      'response_format',
      'seed',
      'user',
    ],
  ],
  'openai-responses': [
    ...[
      'model',
      'input',
      'instructions',
      'tools',
      'tool_choice',
      'parallel_tool_calls',
      'max_output_tokens',
      'user',
    ],
    ...[
      'temperature',
      'top_p',
      'stream',
      'reasoning',
      'include',
      'store',
      'text',
      'metadata',
      'prompt_cache_key',
    ],
    ...['service_tier', 'client_metadata'],
  ],
  'anthropic-messages': [
    ...[
      'model',
      'messages',
      'system',
      'tools',
      'tool_choice',
      'max_tokens',
      'temperature',
      'top_p',
      'top_k',
      'stream',
    ],
    ...['stop_sequences', 'thinking', 'output_config', 'metadata', 'context_management'],
  ],
  gemini: ['contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig'],
}
const namePattern = /^[a-zA-Z0-9_-]{1,128}$/

/** What a real provider of this protocol would have answered with 400. */
export function faultsOf(protocol: ProtocolName, body: Wire): string[] {
  const unknown = Object.keys(body).filter((key) => !known[protocol].includes(key))
  const names = toolNames(protocol, body).filter((name) => !namePattern.test(name))
  return [
    ...unknown.map((key) => `${protocol}: unknown parameter ${key}`),
    ...names.map((name) => `${protocol}: tool name ${JSON.stringify(name)}`),
    ...pairing(protocol, body).map((fault) => `${protocol}: ${fault}`),
  ]
}

function pairing(protocol: ProtocolName, body: Wire): string[] {
  if (protocol === 'openai-chat') return chatFaults(body.messages)
  if (protocol === 'openai-responses') return itemFaults(body.input)
  return protocol === 'gemini' ? contentFaults(body.contents) : messageFaults(body.messages)
}

function chatFaults(messages: Wire[]): string[] {
  return messages.flatMap((message, at) => {
    if (message.content === '' || message.content?.length === 0) return [`empty content in ${message.role}`]
    const calls: string[] = (message.tool_calls ?? []).map(({ id }: Wire) => id)
    const answers = messages.slice(at + 1, at + 1 + calls.length).map(({ tool_call_id }) => tool_call_id)
    return calls.join() === answers.join() ? [] : [`calls ${calls} are answered by ${answers}`]
  })
}

function itemFaults(input: Wire): string[] {
  if (!Array.isArray(input)) return []
  const ids = (type: RegExp) =>
    input.filter((item) => type.test(item.type ?? '')).map(({ call_id }) => call_id)
  const unanswered = ids(/_call$/).filter((id) => !ids(/_call_output$/).includes(id))
  return unanswered.map((id) => `call ${id} has no output`)
}

function messageFaults(messages: Wire[]): string[] {
  return messages.flatMap((message, at) => {
    const blocks: Wire[] = Array.isArray(message.content)
      ? message.content
      : [{ type: 'text', text: message.content }]
    const empty = blocks.some(({ type, text }) => type === 'text' && !text) ? ['an empty text block'] : []
    const calls = blocks.filter(({ type }) => type === 'tool_use')
    const results = calls.length === 0 ? [] : messages[at + 1]?.content.slice(0, calls.length)
    const paired =
      calls.map(({ id }) => id).join() === results?.map(({ tool_use_id }: Wire) => tool_use_id).join()
    const badIds = calls.filter(({ id }) => !/^[a-zA-Z0-9_-]+$/.test(id)).map(({ id }) => `tool id ${id}`)
    return [
      ...empty,
      ...badIds,
      ...(calls.length === 0 || paired ? [] : [`calls of turn ${at} are not answered next`]),
    ]
  })
}

function contentFaults(contents: Wire[]): string[] {
  const roles = contents.map(({ role }) => role)
  const repeated = roles.some((role, at) => role === roles[at + 1]) ? [`roles ${roles}`] : []
  const empty = contents.some(({ parts }) => parts.length === 0) ? ['a content without parts'] : []
  const counts = contents.flatMap(({ parts }, at) => {
    const calls = parts.filter((part: Wire) => part.functionCall).length
    const results = (contents[at + 1]?.parts ?? []).filter((part: Wire) => part.functionResponse).length
    return calls === 0 || calls === results ? [] : [`${calls} calls, ${results} results`]
  })
  return [...(roles[0] === 'user' ? [] : ['the model begins']), ...repeated, ...empty, ...counts]
}
