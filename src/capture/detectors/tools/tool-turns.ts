import type { AnswerPart } from '../../../core/answer.ts'
import type { Message, ToolCallPart, ToolResultPart } from '../../../core/call.ts'
import type { ExchangeView } from '../../view/view.ts'
import type { Subject } from '../detector.ts'
import { finalAttempt } from '../seen-answers.ts'

/** One turn of the model with its tool calls, and what came of them. */
export interface ToolTurn {
  calls: readonly ToolCallPart[]
  results: ToolResultPart[]
}

/**
 * The latest turns of the model in which it called tools, with nothing between them but the results: what the user says
 * ends them. Those of the conversation in the request, and of the exchanges before it where the provider keeps the
 * conversation. Not yet the answer to this request.
 */
export function latestToolTurns(subject: Subject): ToolTurn[] {
  const call = subject.ctp()?.call
  if (!call) return []
  return call.previousResponseId === null ? turnsOf(call.messages) : keptTurns(subject)
}

/** Back from the end of the conversation, as long as there are only calls and results. */
function turnsOf(messages: readonly Message[]): ToolTurn[] {
  const turns: ToolTurn[] = []
  let results: ToolResultPart[] = []
  let calls: ToolCallPart[] = []
  for (let at = messages.length - 1; at >= 0; at--) {
    const parts = messages[at]?.parts ?? []
    if (messages[at]?.role === 'assistant') {
      const called = parts.filter((part) => part.type === 'tool_call')
      // Words of the model between its calls belong to the turn; a turn of words alone ends the run.
      if (called.length === 0 && calls.length === 0) break
      calls = [...called, ...calls]
      continue
    }
    const answers = parts.filter((part) => part.type === 'tool_result')
    if (calls.length > 0) {
      turns.unshift({ calls, results })
      calls = []
      results = []
    }
    if (answers.length === 0) return turns
    results = [...answers, ...results]
  }
  if (calls.length > 0) turns.unshift({ calls, results })
  return turns
}

/** The answers of the session, each with the results that the next request brought. */
function keptTurns(subject: Subject): ToolTurn[] {
  const turns: ToolTurn[] = []
  let later: ExchangeView = subject.exchange
  for (const exchange of subject.around.sessionBefore(subject.exchange)) {
    const parts = subject
      .of(later)
      .ctp()
      ?.call?.messages.flatMap(({ parts }) => parts as AnswerPart[] & ToolResultPart[])
    const results = (parts ?? []).filter((part) => part.type === 'tool_result')
    const calls = callsOfAnswer(subject.of(exchange))
    if (results.length === 0 || calls.length === 0) break
    turns.unshift({ calls, results })
    later = exchange
  }
  return turns
}

export function callsOfAnswer(subject: Subject): ToolCallPart[] {
  const attempt = finalAttempt(subject)
  const parts = attempt && subject.btp(attempt)?.answer?.choices[0]?.parts
  return (parts ?? []).filter((part) => part.type === 'tool_call')
}
