import { isObject, type Json, type JsonObject } from '../../../core/json.ts'

/**
 * Anthropic refuses a request with thinking enabled whose current turn begins with a tool call instead of thinking
 * (`reference/protocols.md`, opaque state), as one does that another provider began: for that request thinking is
 * left out, and what needs it.
 */
export function withoutBrokenThinking(body: JsonObject): JsonObject {
  const { thinking, messages } = body
  if (!isObject(thinking) || thinking.type !== 'enabled' || !Array.isArray(messages)) return body
  if (!beginsWithCall(messages)) return body
  const { thinking: _, context_management, ...rest } = body
  const edits = withoutThinkingEdits(context_management)
  return edits === undefined ? rest : { ...rest, context_management: edits }
}

/** The turn that is not over: what the assistant said since somebody last said more than results of tools. */
function beginsWithCall(messages: readonly Json[]): boolean {
  const asked = messages.findLastIndex((message) => isObject(message) && isQuestion(message))
  const first = messages.slice(asked + 1).find((message) => isObject(message) && message.role === 'assistant')
  if (!isObject(first) || !Array.isArray(first.content)) return false
  const [start] = first.content
  const callsTool = first.content.some((part) => isObject(part) && part.type === 'tool_use')
  return callsTool && isObject(start) && start.type !== 'thinking' && start.type !== 'redacted_thinking'
}

function isQuestion({ role, content }: JsonObject): boolean {
  if (role !== 'user') return false
  return !Array.isArray(content) || content.every((part) => !isObject(part) || part.type !== 'tool_result')
}

/** Without the edits that clear thinking, which a request without thinking may not ask for. */
function withoutThinkingEdits(management: Json | undefined): Json | undefined {
  if (!isObject(management) || !Array.isArray(management.edits)) return management
  const edits = management.edits.filter(
    (edit) => !(isObject(edit) && typeof edit.type === 'string' && edit.type.startsWith('clear_thinking')),
  )
  if (edits.length === management.edits.length) return management
  const { edits: _, ...rest } = management
  if (edits.length > 0) return { ...rest, edits }
  return Object.keys(rest).length > 0 ? rest : undefined
}
