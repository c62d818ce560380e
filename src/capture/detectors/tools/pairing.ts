import type { Call, SpecialPart, ToolCallPart, ToolResultPart } from '../../../core/call.ts'

export interface Pairing {
  /** Calls that no later result answers, although the conversation went on behind them. */
  unanswered: { call: ToolCallPart; message: number }[]
  /** Results for which no call stands before them. */
  orphans: { result: ToolResultPart; message: number }[]
}

/**
 * Pairs calls and results of a conversation in its order, each result with the oldest open call of its id: models that
 * number their calls anew in every turn use ids again. Null where a part of the conversation is elsewhere.
 */
export function pairing(call: Call): Pairing | null {
  if (isContinued(call)) return null
  const open = new Map<string, Pairing['unanswered']>()
  const orphans: Pairing['orphans'] = []
  for (const [message, { parts }] of call.messages.entries()) {
    for (const part of parts) {
      if (part.type === 'tool_call') {
        const alike = open.get(part.id) ?? []
        open.set(part.id, alike)
        alike.push({ call: part, message })
      } else if (part.type === 'tool_result' && !open.get(part.callId)?.shift() && part.callId !== '') {
        orphans.push({ result: part, message })
      }
    }
  }
  const lastSaid = call.messages.findLastIndex(({ role }) => role === 'user')
  const unanswered = [...open.values()].flat().filter(({ message }) => message < lastSaid)
  return { unanswered, orphans: orphans.filter(({ result }) => !isSpecial(result.callId, call.messages)) }
}

/** It goes on from what the provider keeps. */
function isContinued({ previousResponseId, special, messages }: Call): boolean {
  return (
    previousResponseId !== null ||
    special.some(({ loss }) => loss === 'stored_state') ||
    specialParts(messages).some(({ loss }) => loss === 'stored_state')
  )
}

/** Items that are no plain calls may be what a result answers: a search for tools, a shell, a computer. */
function isSpecial(id: string, messages: Call['messages']): boolean {
  return specialParts(messages).some(({ raw }) => JSON.stringify(raw).includes(id))
}

function specialParts(messages: Call['messages']): SpecialPart[] {
  return messages.flatMap(({ parts }) => [...parts].filter((part) => part.type === 'special'))
}
