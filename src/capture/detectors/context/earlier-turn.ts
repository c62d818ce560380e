import type { Answer } from '../../../core/answer.ts'
import type { Call } from '../../../core/call.ts'
import { isObject } from '../../../core/json.ts'
import { knownProtocol } from '../../view/protocol-of.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { finalAttempt } from '../seen-answers.ts'
import { conversationLength, type Segment, segmentsOf } from './prefix.ts'

/** The turn that a request goes on from, and both requests as a provider caches them. */
export interface EarlierTurn {
  earlier: Subject
  attempt: AttemptView
  earlierAttempt: AttemptView
  before: Segment[]
  after: Segment[]
}

/**
 * The newest turn of the session whose answer stands in this request's conversation: side calls of the same session
 * (titles, sub-agents) have no such answer in theirs. Null where there is none, or where the conversation was shortened.
 */
export function earlierTurn(subject: Subject): EarlierTurn | null {
  let found = turns.get(subject)
  if (found === undefined) {
    found = { turn: findTurn(subject) }
    turns.set(subject, found)
  }
  return found.turn
}

/** Several detectors ask for the same. */
const turns = new WeakMap<Subject, { turn: EarlierTurn | null }>()

function findTurn(subject: Subject): EarlierTurn | null {
  const call = subject.ctp()?.call
  const attempt = finalAttempt(subject)
  if (!call || !attempt || call.previousResponseId !== null || !isGeneration(subject.exchange)) return null
  if (!call.messages.some(({ role }) => role === 'assistant')) return null
  for (const exchange of subject.around.sessionBefore(subject.exchange)) {
    const earlier = subject.of(exchange)
    const turn = exchange.protocol === subject.exchange.protocol ? goesOn(subject, call, earlier) : null
    if (turn) {
      const [before, after] = turn
      const earlierAttempt = finalAttempt(earlier)
      return earlierAttempt && conversationLength(after) > conversationLength(before)
        ? { earlier, attempt, earlierAttempt, before, after }
        : null
    }
  }
  return null
}

function goesOn(subject: Subject, call: Call, earlier: Subject): [Segment[], Segment[]] | null {
  const asked = earlier.ctp()
  const attempt = finalAttempt(earlier)
  const answer = attempt && earlier.btp(attempt)?.answer
  if (!answer || !asked || asked.model !== call.model || !holds(call, answer)) return null
  const before = cachedRequest(earlier.exchange.protocol, asked.json)
  const after = cachedRequest(subject.exchange.protocol, subject.ctp()?.json)
  return before && after ? [before, after] : null
}

/** A request's segments; null where it cannot be read. */
export function cachedRequest(protocol: string | null, json: unknown): Segment[] | null {
  const known = knownProtocol(protocol)
  return known && isObject(json) ? segmentsOf(known, json) : null
}

/** Whether a conversation has this answer in it: one of its calls by id, or its words. */
function holds({ messages }: Call, { choices }: Answer): boolean {
  const parts = choices[0]?.parts ?? []
  const ids = new Set(parts.flatMap((part) => (part.type === 'tool_call' && part.id !== '' ? [part.id] : [])))
  const words = parts
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim()
  return messages.some(({ role, parts: said }) => {
    if (role !== 'assistant') return false
    if (said.some((part) => part.type === 'tool_call' && ids.has(part.id))) return true
    const text = said
      .map((part) => (part.type === 'text' ? part.text : ''))
      .join('')
      .trim()
    return words !== '' && text === words
  })
}

/** Whether both turns went to the same model of the same backend, as caches are theirs. */
export function sameCache({ attempt, earlierAttempt }: EarlierTurn): boolean {
  return (
    attempt.backend === earlierAttempt.backend &&
    attempt.model === earlierAttempt.model &&
    attempt.protocol === earlierAttempt.protocol
  )
}
