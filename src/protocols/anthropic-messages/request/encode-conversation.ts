import type { Message } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import { orderedTurns } from '../../translation/tool-turns.ts'
import { encodeAssistant } from './encode-assistant.ts'
import { encodeText, encodeUserPart } from './encode-user.ts'
import type { RequestEncoding, WireMessage } from './request-encoding.ts'

/** Said for the user where the API wants a turn of theirs and the call has none. */
const openingWords = '(The conversation begins with your words.)'
const goOnWords = 'Go on.'

/** The leading instructions as the system prompt, and the turns; `closedConversation` has the last word on them. */
export function encodeConversation(encoding: RequestEncoding): {
  system: JsonObject[]
  messages: WireMessage[]
} {
  const ordered = orderedTurns(encoding.call)
  const first = ordered.findIndex(({ role }) => role !== 'system')
  const turnsAt = first === -1 ? ordered.length : first
  const turns = instructionsTogether(ordered.slice(turnsAt))
  const messages: WireMessage[] = []
  for (const [at, message] of turns.entries()) {
    if (message.role === 'system') addSystem(encoding, message, { messages, next: turns[at + 1] })
    else if (message.role === 'user') {
      add(
        messages,
        'user',
        message.parts.flatMap((part) => encodeUserPart(part, encoding)),
      )
    } else {
      const { blocks, shown } = encodeAssistant(message.parts, encoding)
      add(messages, 'assistant', blocks)
      add(messages, 'user', shown)
    }
  }
  return { system: ordered.slice(0, turnsAt).flatMap(systemBlocks), messages }
}

/** Instructions must not follow each other either. */
function instructionsTogether(messages: readonly Message[]): Message[] {
  const together: Message[] = []
  for (const message of messages) {
    const last = together.at(-1)
    if (last?.role === 'system' && message.role === 'system') {
      together[together.length - 1] = { role: 'system', parts: [...last.parts, ...message.parts] }
    } else together.push(message)
  }
  return together
}

/** Neighbours of one role are one message; what has no block is none. */
function add(messages: WireMessage[], role: WireMessage['role'], blocks: readonly JsonObject[]): void {
  if (blocks.length === 0) return
  const last = messages.at(-1)
  if (last?.role === role) last.content.push(...blocks)
  else messages.push({ role, content: [...blocks] })
}

/**
 * Instructions in the middle of a conversation. Where the model takes them they must follow the user and precede
 * the model; elsewhere they are the user's words, marked as Claude knows it from Claude Code.
 */
function addSystem(
  { family, lost }: RequestEncoding,
  message: Message,
  { messages, next }: { messages: WireMessage[]; next: Message | undefined },
): void {
  const blocks = systemBlocks(message)
  if (blocks.length === 0) return
  const fits = messages.at(-1)?.role === 'user' && next?.role !== 'user'
  if (family.systemInConversation && fits) return add(messages, 'system', blocks)
  lost.lose('system_in_conversation')
  const reminders = blocks.map((block) => ({
    ...block,
    text: `<system-reminder>\n${block.text}\n</system-reminder>`,
  }))
  add(messages, 'user', reminders)
}

function systemBlocks({ parts }: Message): JsonObject[] {
  return parts.flatMap((part) => (part.type === 'text' ? encodeText(part) : []))
}

/**
 * The messages as the API takes them: the user begins, results stand first in their turn, and an answer that the
 * request ends with is either left for the model to go on with, or followed by a word of the user.
 */
export function closedConversation(
  messages: readonly WireMessage[],
  { limits, lost, thinks }: Pick<RequestEncoding, 'limits' | 'lost'> & { thinks: boolean },
): WireMessage[] {
  const closed = messages.map(resultsFirst)
  if (closed[0]?.role !== 'user') closed.unshift(words(openingWords))
  const last = closed.at(-1)
  if (last?.role !== 'assistant') return closed
  const end = last.content.at(-1)
  if (limits.prefill && !thinks && typeof end?.text === 'string') {
    last.content[last.content.length - 1] = { ...end, text: end.text.trimEnd() }
    return closed
  }
  lost.lose('prefill')
  return [...closed, words(goOnWords)]
}

function words(text: string): WireMessage {
  return { role: 'user', content: [{ type: 'text', text }] }
}

function resultsFirst({ role, content }: WireMessage): WireMessage {
  const isResult = ({ type }: JsonObject) => type === 'tool_result'
  return { role, content: [...content.filter(isResult), ...content.filter((block) => !isResult(block))] }
}
