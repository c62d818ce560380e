import { createHash, hash } from 'node:crypto'
import { isObject, type Json } from '../../core/json.ts'
import type { RequestFacts } from '../../core/protocol.ts'

/** Fingerprints of a conversation, to find its next turn by. Plain data, so that a worker can make it. */
export interface ConversationDigest {
  /** Of all messages. */
  whole: string
  /** Of the messages before the last answer: what the exchange that got this answer had sent. */
  prefix: string | null
  /** How many messages there are. */
  count: number
}

/**
 * Digests a conversation as the client sent it, but for what clients change from turn to turn about
 * messages that stay the same: `cache_control` marks, and the block form that a text needs to carry one.
 */
export function digestConversation(conversation: RequestFacts['conversation']): ConversationDigest {
  const count = conversation.length
  const answerAt = lastAnswerStart(conversation)
  if (answerAt <= 0) {
    // At once is half the cost of in steps.
    const whole = hash('sha256', conversation.map(({ item }) => delimitedText(item)).join(''), 'base64url')
    return { whole, prefix: null, count }
  }
  const steps = createHash('sha256')
  let prefix: string | null = null
  conversation.forEach(({ item }, i) => {
    if (i === answerAt) prefix = steps.copy().digest('base64url')
    steps.update(delimitedText(item))
  })
  return { whole: steps.digest('base64url'), prefix, count }
}

/** The length keeps messages apart: two short ones must not look like one long one. */
function delimitedText(item: Json): string {
  const text = stableText(item)
  return `${text.length}:${text}`
}

/** Where the last run of answer items begins (one answer may be several items); -1 without an answer. */
function lastAnswerStart(conversation: RequestFacts['conversation']): number {
  let at = conversation.findLastIndex(({ answer }) => answer)
  while (at > 0 && conversation[at - 1]?.answer) at--
  return at
}

function stableText(item: Json): string {
  const text = JSON.stringify(unwrapText(item))
  // A replacer costs several times the plain call, and few messages carry a mark.
  return text.includes('"cache_control"') ? JSON.stringify(unwrapText(item), withoutMarks) : text
}

function withoutMarks(key: string, value: unknown): unknown {
  return key === 'cache_control' ? undefined : value
}

/** `[{type: text, text}]` and the text alone are the same content. */
function unwrapText(item: Json): Json {
  if (!isObject(item) || !Array.isArray(item.content) || item.content.length !== 1) return item
  const [block] = item.content
  if (!isObject(block) || block.type !== 'text' || typeof block.text !== 'string') return item
  const onlyText = Object.keys(block).every((key) => ['type', 'text', 'cache_control'].includes(key))
  return onlyText ? { ...item, content: block.text } : item
}
