import type {
  AssistantPart,
  Call,
  Message,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import { chatIds, idForBackend } from '../translation/tool-call-ids.ts'
import type { TargetNames } from '../translation/tool-target-names.ts'
import { orderedTurns } from '../translation/tool-turns.ts'
import type { ChatLost } from './chat-lost.ts'
import type { ChatDialect } from './dialects.ts'
import { encodeParts, joinedText, plainContent } from './encode-content.ts'

export interface MessageEncoding {
  dialect: ChatDialect
  /** Instructions are the developer's, for models that reason. */
  developer: boolean
  names: TargetNames
  lost: ChatLost
}

/** The conversation as chat's `messages`. */
export function encodeMessages(call: Call, encoding: MessageEncoding): JsonObject[] {
  const turns = orderedTurns(call)
  // Providers that want thoughts back want those of the turns since the user last spoke.
  const lastAsked = turns.findLastIndex(
    ({ role, parts }) => role === 'user' && parts.some((part) => part.type !== 'tool_result'),
  )
  return turns.flatMap((message, at) => encodeMessage(message, at > lastAsked, encoding))
}

function encodeMessage(message: Message, isRecent: boolean, encoding: MessageEncoding): JsonObject[] {
  if (message.role === 'system') {
    const role = encoding.developer ? 'developer' : 'system'
    return [{ role, content: joinedText(message.parts, encoding.lost) }]
  }
  if (message.role === 'user') return encodeUser(message.parts, encoding)
  return encodeAssistant(message.parts, isRecent, encoding)
}

function encodeUser(parts: readonly UserPart[], { lost }: MessageEncoding): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool_result')
  const others = encodeParts(parts, lost)
  // A tool's message holds text only: its pictures follow as the user's, once all tools have answered.
  const pictures = results.flatMap((result) => picturesOf(result, lost))
  const content = [...pictures, ...others]
  return [
    ...results.map((result) => encodeResult(result, lost)),
    ...(content.length === 0 ? [] : [{ role: 'user', content: plainContent(content) }]),
  ]
}

function encodeResult({ callId, content, isError, cache }: ToolResultPart, lost: ChatLost): JsonObject {
  if (cache) lost.lose('cache_control')
  const texts = content.filter((part): part is TextPart => part.type === 'text')
  const text = joinedText(texts, lost)
  const seen = content.length > texts.length && text === '' ? 'see the attachment below' : text
  if (isError) lost.lose('tool_result_error')
  return {
    role: 'tool',
    tool_call_id: idForBackend(callId, chatIds),
    content: isError ? `Error: ${seen}` : seen,
  }
}

function picturesOf({ callId, content }: ToolResultPart, lost: ChatLost): JsonObject[] {
  const pictures = encodeParts(
    content.filter((part) => part.type !== 'text'),
    lost,
  )
  if (pictures.length === 0) return []
  return [{ type: 'text', text: `Attached to the result of ${idForBackend(callId, chatIds)}:` }, ...pictures]
}

function encodeAssistant(
  parts: readonly AssistantPart[],
  isRecent: boolean,
  encoding: MessageEncoding,
): JsonObject[] {
  const { lost } = encoding
  const calls = parts.filter((part) => part.type === 'tool_call')
  const text = wordsOf(parts, lost)
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('')
  const reasoning = reasoningOf(parts, isRecent && calls.length > 0, encoding)
  if (text === '' && refusal === '' && calls.length === 0) return []
  return [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      ...(refusal !== '' && { refusal }),
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls.map((call) => encodeCall(call, encoding)) }),
    },
  ]
}

function wordsOf(parts: readonly AssistantPart[], lost: ChatLost): string {
  const texts: string[] = []
  for (const part of parts) {
    if (part.type === 'text') {
      texts.push(part.text)
      if (part.cache) lost.lose('cache_control')
      if (part.state) lost.lose('reasoning_state')
    } else if (part.type === 'special') lost.loseSpecial(part.loss, part.param)
    else if (part.type === 'media' || part.type === 'image') lost.lose('server_tool_history')
  }
  return texts.join('')
}

function reasoningOf(
  parts: readonly AssistantPart[],
  isWanted: boolean,
  { dialect, lost }: MessageEncoding,
): string {
  const thoughts = parts.filter((part) => part.type === 'reasoning')
  if (thoughts.some((part) => part.state)) lost.lose('reasoning_state')
  const text = thoughts
    .map((part) => part.text)
    .filter((words) => words !== '')
    .join('\n\n')
  if (isWanted && dialect.wantsReasoningBack) return text
  if (text !== '') lost.lose('reasoning_text')
  return ''
}

function encodeCall(call: ToolCallPart, { dialect, names, lost }: MessageEncoding): JsonObject {
  if (call.state) lost.lose('reasoning_state')
  if (call.cache) lost.lose('cache_control')
  const id = idForBackend(call.id, chatIds)
  const name = names.of(call.name)
  if (!call.custom) return { id, type: 'function', function: { name, arguments: call.arguments } }
  if (dialect.customTools) return { id, type: 'custom', custom: { name, input: call.arguments } }
  return { id, type: 'function', function: { name, arguments: JSON.stringify({ input: call.arguments }) } }
}
