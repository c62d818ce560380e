import type { Answer, AnswerChoice } from '../../../src/core/answer.ts'
import { type CaptureDraft, type ExchangeDraft, type LegDraft, lastOf, readingOf } from '../a-capture.ts'
import type { Block } from './blocks.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reaches into JSON of any shape.
type AnyJson = any

/** Changes each JSON document of an answer, whole or streamed, in place; what gives `false` is taken out. */
export function editDocuments(
  leg: LegDraft,
  edit: (json: AnyJson, block: Block | null) => unknown,
): LegDraft {
  const text = leg.text.trimStart()
  if (text.startsWith('{')) return leg.editJson((json) => edit(json, null))
  if (text.startsWith('[')) {
    const elements: AnyJson[] = leg.json
    return leg.setBody(JSON.stringify(elements.filter((element) => edit(element, null) !== false)))
  }
  return leg.setBlocks(
    leg.blocks().filter((block) => {
      const json = parsed(block.data)
      if (json === undefined) return true
      const kept = edit(json, block) !== false
      block.data = JSON.stringify(json)
      return kept
    }),
  )
}

/** How the answer says that it ended, in the words of its protocol. */
export function endWith(x: ExchangeDraft, leg: LegDraft, reason: 'stop' | 'length' | 'filter'): LegDraft {
  const words = endWords[reason]
  return editDocuments(leg, (json, block) => {
    for (const choice of json.choices ?? []) if (choice.finish_reason) choice.finish_reason = words.chat
    for (const one of json.candidates ?? []) if (one.finishReason) one.finishReason = words.gemini
    if (json.stop_reason) json.stop_reason = words.messages
    if (json.delta?.stop_reason) json.delta.stop_reason = words.messages
    const response = x.protocol === 'openai-responses' ? (json.response ?? json) : null
    if (response?.status === 'completed' && response.object === 'response' && reason !== 'stop') {
      response.status = 'incomplete'
      response.incomplete_details = { reason: words.responses }
      if (block && json.type) {
        json.type = 'response.incomplete'
        block.name = block.name && json.type
      }
    }
  })
}

const endWords = {
  stop: { chat: 'stop', gemini: 'STOP', messages: 'end_turn', responses: '' },
  length: {
    ...{ chat: 'length', gemini: 'MAX_TOKENS', messages: 'max_tokens' },
    responses: 'max_output_tokens',
  },
  filter: {
    ...{ chat: 'content_filter', gemini: 'SAFETY', messages: 'refusal' },
    responses: 'content_filter',
  },
}

const responsesFrame = /^response\.(?:created|queued|in_progress|completed|incomplete)$/

/** Without all that a client could show or run; thoughts stay in whole answers. */
export function withoutOutput(x: ExchangeDraft, leg: LegDraft): LegDraft {
  return editDocuments(leg, (json) => {
    for (const { message, delta } of json.choices ?? []) {
      for (const said of [message, delta]) if (said) emptyChatWords(said)
    }
    for (const { content } of json.candidates ?? []) {
      if (content?.parts) content.parts = content.parts.filter((part: AnyJson) => part.thought === true)
    }
    if (x.protocol === 'anthropic-messages') {
      if (Array.isArray(json.content)) json.content = json.content.filter(isThought)
      return !/^content_block/.test(json.type)
    }
    if (x.protocol !== 'openai-responses') return true
    const response = json.response ?? json
    if (Array.isArray(response.output)) response.output = response.output.filter(isThought)
    return json.response || response.object === 'response' ? true : responsesFrame.test(json.type)
  })
}

function emptyChatWords(said: AnyJson): void {
  if (said.content !== undefined) said.content = ''
  for (const key of [
    'tool_calls',
    'function_call',
    'refusal',
    'audio',
    'images',
    'annotations',
    'executed_tools',
  ])
    delete said[key]
}

function isThought({ type }: AnyJson): boolean {
  return type === 'thinking' || type === 'redacted_thinking' || type === 'reasoning'
}

/** Each usage of an answer, in its protocol's own words. */
export function editUsage(leg: LegDraft, edit: (usage: AnyJson) => unknown): LegDraft {
  return editDocuments(leg, (json) => {
    for (const holder of [json, json.response, json.message]) {
      if (holder?.usage) edit(holder.usage)
      if (holder?.usageMetadata) edit(holder.usageMetadata)
    }
  })
}

export function withoutUsage(leg: LegDraft): LegDraft {
  return editDocuments(leg, (json) => {
    if (Array.isArray(json.choices) && json.choices.length === 0 && json.usage) return false
    for (const holder of [json, json.response, json.message, json.x_groq]) {
      if (holder) for (const key of ['usage', 'usageMetadata']) delete holder[key]
    }
    return true
  })
}

/** A complete answer to a request for one; `fits` looks at what it says. */
export function isAnswered(capture: CaptureDraft, fits: (answer: Answer) => boolean = () => true): boolean {
  const x = lastOf(capture)
  if (x.closed?.outcome !== 'complete' || x.closed.purpose !== 'chat') return false
  const { answer } = readingOf(x, x.btp)
  return answer !== null && fits(answer)
}

/** It said a normal end. */
export function isStopped({ choices }: Answer): boolean {
  return choices.every(({ end }) => end.raw !== '' && (end.reason === 'stop' || end.reason === 'tool'))
}

export function textOf({ choices }: Answer): string {
  return choices.flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : ''))).join('')
}

export function callsTool({ choices }: Answer): boolean {
  return choices.some(({ parts }: AnswerChoice) => parts.some(({ type }) => type === 'tool_call'))
}

function parsed(text: string): AnyJson {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The client's limit for the answer, put into both requests; null takes it away. Not of Gemini's other spelling. */
export function limitOutput(x: ExchangeDraft, tokens: number | null): ExchangeDraft {
  return x.bothRequests((leg) =>
    leg.editJson((json) => {
      for (const key of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) delete json[key]
      const config = json.generationConfig ?? json.generation_config
      if (config) for (const key of ['maxOutputTokens', 'max_output_tokens']) delete config[key]
      if (tokens === null) return
      if (x.protocol === 'gemini') json.generationConfig = { ...config, maxOutputTokens: tokens }
      else json[limitName[x.protocol ?? 'openai-chat']] = tokens
    }),
  )
}

const limitName = {
  'openai-chat': 'max_completion_tokens',
  'openai-responses': 'max_output_tokens',
  'anthropic-messages': 'max_tokens',
  gemini: '',
}

/** The arguments of all tool calls become this text; answers that have them as JSON are left as they are. */
export function writeArguments(leg: LegDraft, text: string): LegDraft {
  const written = new Set<unknown>()
  const once = (key: unknown) => {
    const isFirst = !written.has(key)
    written.add(key)
    return isFirst ? text : ''
  }
  return editDocuments(leg, (json) => {
    for (const { message, delta } of json.choices ?? []) {
      for (const call of message?.tool_calls ?? []) if (call.function) call.function.arguments = text
      for (const { index, function: called } of delta?.tool_calls ?? []) {
        if (typeof called?.arguments === 'string') called.arguments = once(index)
      }
    }
    if (json.delta?.type === 'input_json_delta') json.delta.partial_json = once(json.index)
    if (json.type === 'response.function_call_arguments.delta') json.delta = once(json.item_id)
    if (json.type === 'response.function_call_arguments.done') json.arguments = text
    const items = [...(json.output ?? []), ...(json.response?.output ?? [])]
    if (json.type === 'response.output_item.done') items.push(json.item)
    for (const item of items) if (item?.type === 'function_call') item.arguments = text
  })
}
