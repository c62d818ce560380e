import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { RequestFacts } from '../../../core/protocol.ts'

/** What a request says of its conversation, for finding its like. */
export interface Conversation {
  /** What was said, without instructions. */
  messages: readonly Json[]
  /** How often the model has answered. */
  turns: number
  /** All that it answered, and what came behind the last of it. */
  answers: readonly Json[]
  behind: readonly Json[]
  /** The last thing that was said or that a tool gave. */
  last: Json | null
  /** The last part of it: agents put reminders in front of what a person said. */
  lastPart: Json | null
  tools: readonly string[]
}

/** The members in which protocols have their instructions. */
const instructionMembers = ['system', 'instructions', 'systemInstruction', 'system_instruction']

export function conversationOf(body: JsonObject, { conversation, toolNames }: RequestFacts): Conversation {
  const [first] = conversation
  const isApart =
    first && instructionMembers.some((name) => body[name] !== undefined && body[name] === first.item)
  const said = (isApart ? conversation.slice(1) : conversation).filter(({ item }) => !isInstruction(item))
  const last = said.at(-1)?.item ?? null
  const answered = said.findLastIndex(({ answer }) => answer) + 1
  return {
    answers: said.filter(({ answer }) => answer).map(({ item }) => item),
    behind: said.slice(answered).map(({ item }) => item),
    messages: said.map(({ item }) => item),
    turns: said.filter(({ answer }, at) => answer && !said[at - 1]?.answer).length,
    last,
    lastPart: lastPartOf(last),
    tools: [...toolNames].sort(),
  }
}

function isInstruction(item: Json): boolean {
  return isObject(item) && (item.role === 'system' || item.role === 'developer')
}

function lastPartOf(message: Json): Json {
  if (!isObject(message)) return message
  const parts = Array.isArray(message.content) ? message.content : message.parts
  const role = message.role ?? null
  // A text alone and a list with this text are the same.
  if (typeof message.content === 'string') return [role, message.content]
  if (!Array.isArray(parts) || parts.length === 0) return message
  const part = parts.at(-1) ?? null
  return [role, isObject(part) && typeof part.text === 'string' ? part.text : part]
}

/** Where the results of tools stand: items or parts, by their members. */
const resultMembers: readonly [isOne: (item: JsonObject) => boolean, member: string][] = [
  [({ role }) => role === 'tool' || role === 'function', 'content'],
  [({ type }) => type === 'tool_result', 'content'],
  [({ type }) => typeof type === 'string' && type.endsWith('_output'), 'output'],
  [({ functionResponse }) => isObject(functionResponse), 'functionResponse'],
]

function resultMember(item: Json): string | null {
  return isObject(item) ? (resultMembers.find(([isOne]) => isOne(item))?.[1] ?? null) : null
}

/** The messages without what tools gave; null where none gave anything. */
export function withoutToolResults(messages: readonly Json[]): Json[] | null {
  let count = 0
  const emptied = (item: Json): Json => {
    const member = resultMember(item)
    if (!isObject(item)) return item
    if (member !== null) {
      count++
      return Object.fromEntries(Object.entries(item).filter(([name]) => name !== member))
    }
    return withParts(item, (parts) => parts.map(emptied))
  }
  const result = messages.map(emptied)
  return count === 0 ? null : result
}

/** Results of tools that ran at the same time stand in the order in which they came: in the order of their calls instead. */
export function withToolResultsInOrder(body: JsonObject): JsonObject {
  const sorted: JsonObject = { ...body }
  for (const name of ['messages', 'input', 'contents']) {
    const items = sorted[name]
    if (!Array.isArray(items)) continue
    sorted[name] = resultsInOrder(items).map((item) =>
      isObject(item) ? withParts(item, resultsInOrder) : item,
    )
  }
  return sorted
}

function withParts(item: JsonObject, change: (parts: Json[]) => Json[]): JsonObject {
  for (const name of ['content', 'parts']) {
    const parts = item[name]
    if (Array.isArray(parts)) return { ...item, [name]: change(parts) }
  }
  return item
}

function resultsInOrder(items: readonly Json[]): Json[] {
  const ordered: Json[] = []
  let run: Json[] = []
  const settle = () => {
    ordered.push(...run.sort((a, b) => compare(callOf(a), callOf(b))))
    run = []
  }
  for (const item of items) {
    if (resultMember(item) !== null) run.push(item)
    else {
      settle()
      ordered.push(item)
    }
  }
  settle()
  return ordered
}

/** The call that a result answers, by its name in the order of the calls: `id 2`. */
function callOf(item: Json): string {
  if (!isObject(item)) return ''
  const id = item.tool_use_id ?? item.tool_call_id ?? item.call_id ?? ''
  return typeof id === 'string' ? id.padStart(12) : ''
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
