import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Answer } from '../../core/answer.ts'
import type { AssistantPart, Message } from '../../core/call.ts'

/** What of a conversation has been shown: a hash of each message, and of the answer that follows them. */
interface Shown {
  messages: string[]
  answer: string | null
}

const mostConversations = 1000

/** Which messages of a conversation a reader has not seen yet: clients send all of it with every turn. */
export class Conversations {
  readonly #shown = new LRUCache<string, Shown>({ max: mostConversations })

  /** The messages that are new, and how many before them are alike; all where the conversation is not what it was. */
  fresh(
    key: string,
    messages: readonly Message[],
    answer: Answer | null,
  ): { shown: Message[]; alike: number } {
    const hashes = messages.map(hashOf)
    const before = this.#shown.get(key)
    this.#shown.set(key, { messages: hashes, answer: answer && answerHash(answer) })
    const alike = before ? alikeWith(before, hashes, messages) : 0
    return { shown: messages.slice(alike), alike }
  }
}

function alikeWith(before: Shown, hashes: readonly string[], messages: readonly Message[]): number {
  const length = before.messages.length
  if (hashes.length < length || before.messages.some((hash, at) => hash !== hashes[at])) return 0
  const next = messages[length]
  const isAnswer = next?.role === 'assistant' && before.answer === saidHash(next.parts)
  return isAnswer ? length + 1 : length
}

function hashOf(message: Message): string {
  return hash(JSON.stringify(message, (name, value) => (name === 'cache' ? undefined : value)))
}

function answerHash({ choices }: Answer): string {
  return saidHash(choices[0]?.parts ?? [])
}

/** By words and calls: thoughts come back changed or not at all. */
function saidHash(parts: readonly (AssistantPart | Answer['choices'][number]['parts'][number])[]): string {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [`${part.id} ${part.name}`] : []))
  return hash(JSON.stringify([text, calls]))
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
