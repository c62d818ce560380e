import type { Call, TextPart, ToolResultPart, UserPart } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { orderedTurns } from '../../translation/tool-turns.ts'
import { callIdFor } from './call-ids.ts'
import { type ChatEncoding, usesNewerNames } from './chat-encoding.ts'
import { encodeAssistant } from './encode-assistant.ts'
import { encodeParts, joinedText, plainContent, textPart } from './encode-content.ts'

/** The conversation as chat's `messages`. */
export function encodeMessages(call: Call, encoding: ChatEncoding): JsonObject[] {
  const turns = orderedTurns(encoding.dialect.laterInstructions ? call : instructionFirst(call, encoding))
  const calledTools = turns.some(({ parts }) => parts.some(({ type }) => type === 'tool_call'))
  const messages: JsonObject[] = []
  // Pictures that the model made wait for the user's next turn.
  let shown: JsonObject[] = []
  for (const turn of turns) {
    if (turn.role === 'system') messages.push(instruction(turn.parts, encoding))
    else if (turn.role === 'user') {
      messages.push(...encodeUser(turn.parts, shown, encoding))
      shown = []
    } else {
      const made = encodeAssistant(turn.parts, calledTools, encoding)
      if (made.message) messages.push(made.message)
      shown.push(...made.shown)
    }
  }
  if (shown.length > 0) messages.push({ role: 'user', content: shown })
  return messages
}

/** All that the conversation begins with in one instruction; later ones as words of the user. */
function instructionFirst(call: Call, { lost }: ChatEncoding): Call {
  const first = call.messages.findIndex(({ role }) => role !== 'system')
  const split = first < 0 ? call.messages.length : first
  const leading = call.messages.slice(0, split).flatMap(({ role, parts }) => (role === 'system' ? parts : []))
  const rest = call.messages.slice(split).map((message): Call['messages'][number] => {
    if (message.role !== 'system') return message
    lost.lose('system_in_conversation')
    return { role: 'user', parts: message.parts }
  })
  return {
    ...call,
    messages: leading.length === 0 ? rest : [{ role: 'system', parts: leading }, ...rest],
  }
}

function instruction(parts: readonly TextPart[], encoding: ChatEncoding): JsonObject {
  const role = usesNewerNames(encoding) ? 'developer' : 'system'
  const isMarked = encoding.dialect.cacheMarks && parts.some((part) => part.cache)
  return { role, content: isMarked ? encodeParts(parts, encoding) : joinedText(parts, encoding) }
}

function encodeUser(
  parts: readonly UserPart[],
  shown: readonly JsonObject[],
  encoding: ChatEncoding,
): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool_result')
  // A tool's message holds text only: its pictures follow as the user's, once all tools have answered.
  const content = [
    ...shown,
    ...results.flatMap((result) => picturesOf(result, encoding)),
    ...encodeParts(parts, encoding),
  ]
  const said = content.length === 0 ? [] : [{ role: 'user', content: plainContent(content, encoding) }]
  const needsBridge = results.length > 0 && said.length > 0 && !encoding.dialect.userAfterTools
  return [
    ...results.map((result) => encodeResult(result, encoding)),
    ...(needsBridge ? [{ role: 'assistant', content: '…' }] : []),
    ...said,
  ]
}

function encodeResult(result: ToolResultPart, encoding: ChatEncoding): JsonObject {
  const { callId, content, isError, cache } = result
  if (cache) encoding.lost.lose('cache_control')
  if (isError) encoding.lost.lose('tool_result_error')
  const texts = content.filter((part): part is TextPart => part.type === 'text')
  const text = joinedText(texts, encoding)
  const said = content.length > texts.length && text === '' ? 'see the attachment below' : text
  return {
    role: 'tool',
    tool_call_id: callIdFor(callId, encoding.dialect),
    content: isError ? `Error: ${said}` : said,
  }
}

function picturesOf({ callId, content }: ToolResultPart, encoding: ChatEncoding): JsonObject[] {
  const pictures = encodeParts(
    content.filter((part) => part.type !== 'text'),
    encoding,
  )
  if (pictures.length === 0) return []
  return [textPart(`Attached to the result of ${callIdFor(callId, encoding.dialect)}:`), ...pictures]
}
