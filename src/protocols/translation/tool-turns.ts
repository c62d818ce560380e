import type { Call, Message, ToolResultPart, UserPart } from '../../core/call.ts'

/**
 * The messages as every protocol takes them: neighbours of one role are one, the results of a turn's tool calls
 * stand together right behind it, in the order of the calls and before the user's own words, wherever the client
 * had put them. A call without a result gets one that says so; a result whose call is not there becomes words, so
 * that nothing the user sent is lost (`reference/protocols.md` §4, 13 to 16).
 */
export function orderedTurns(call: Call): Message[] {
  const messages = merged(call.messages)
  const results = new Results(messages)
  const ordered: Message[] = []
  for (const [at, message] of messages.entries()) {
    if (message.role !== 'user') ordered.push(message)
    if (message.role === 'assistant') {
      const calls = message.parts.filter((part) => part.type === 'tool_call')
      const parts = calls.map((part) => results.take(part.id, at) ?? missing(part))
      if (parts.length > 0) ordered.push({ role: 'user', parts })
    } else if (message.role === 'user') {
      const parts = message.parts.flatMap((part) =>
        part.type === 'tool_result' ? orphan(part, results) : [part],
      )
      if (parts.length > 0) ordered.push({ role: 'user', parts })
    }
  }
  return merged(ordered)
}

/** The tool results of a conversation, each for one call: ids are reused by models that count from 0 each turn. */
class Results {
  readonly #left: { at: number; part: ToolResultPart }[]
  readonly #taken = new Set<ToolResultPart>()

  constructor(messages: readonly Message[]) {
    this.#left = messages.flatMap(({ role, parts }, at) =>
      role === 'user' ? parts.flatMap((part) => (part.type === 'tool_result' ? [{ at, part }] : [])) : [],
    )
  }

  /** The first result for this id behind a place that no earlier call has taken. */
  take(callId: string, after: number): ToolResultPart | undefined {
    const found = this.#left.find(
      ({ at, part }) => at > after && part.callId === callId && !this.#taken.has(part),
    )
    if (found) this.#taken.add(found.part)
    return found?.part
  }

  isTaken(part: ToolResultPart): boolean {
    return this.#taken.has(part)
  }
}

function missing({ id, name }: { id: string; name: string }): ToolResultPart {
  const text = 'no result of this call was recorded'
  return { type: 'tool_result', callId: id, name, content: [{ type: 'text', text }], isError: true }
}

/** Nothing where it already stands behind its call. */
function orphan(part: ToolResultPart, results: Results): UserPart[] {
  if (results.isTaken(part)) return []
  const head = `Result of the tool call ${part.callId || part.name || 'of an earlier turn'}:`
  return [{ type: 'text', text: head }, ...part.content]
}

function merged(messages: readonly Message[]): Message[] {
  const result: Message[] = []
  for (const message of messages) {
    const last = result.at(-1)
    if (last && last.role === message.role && message.role !== 'system') {
      result[result.length - 1] = { role: last.role, parts: [...last.parts, ...message.parts] } as Message
    } else result.push(message)
  }
  return result
}
