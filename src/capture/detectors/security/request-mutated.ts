import { isObject, type Json } from '../../../core/json.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Detector, Finding, Severity, Subject } from '../detector.ts'
import { isSame } from '../seen-answers.ts'
import { type Change, changedPaths } from './changed-paths.ts'
import { declaredAside, withoutThoughts } from './declared-edits.ts'
import { droppedOf, isTranslated } from './declared-losses.ts'
import { lostInTranslation } from './lost-words.ts'

/** Reference §4.2, 72: the backend was asked something else than the client had said, and nothing declares it. */
export const requestMutated: Detector = {
  code: 'request_mutated',
  severity: 'error',
  summary: 'The proxy changed a request beyond what it declares',
  *find(subject) {
    // Files of the original declare nothing.
    if (subject.exchange.version === 2) return
    for (const attempt of subject.exchange.attempts) {
      yield* isTranslated(subject, attempt) ? inTranslation(subject, attempt) : onTheWay(subject, attempt)
    }
  },
}

function* onTheWay(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const { ctp } = subject.exchange
  const asked = subject.ctp()?.json
  const sent = subject.ptb(attempt)?.json
  if (!ctp || !attempt.ptb || !isObject(asked) || !isObject(sent) || isSame(ctp, attempt.ptb)) return
  const compared = declaredAside(asked, sent)
  if (changedPaths(compared.asked, compared.sent).length === 0) return
  const changes = changedPaths(withoutThoughts(compared.asked), withoutThoughts(compared.sent))
  if (changes.length === 0) return
  const lost = changes.find(losesContent)
  const first = lost ?? changes[0]
  yield {
    ...found(attempt, lost ? 'error' : 'note'),
    count: changes.length,
    description: `The proxy changed the request in ${changes.length} place${changes.length > 1 ? 's' : ''}: ${first?.path} was ${first?.how}${lost ? ', which the model should have read' : ''}.`,
    evidence: { paths: changes.slice(0, 10).map(({ path, how }) => `${path} ${how}`) },
  }
}

function* inTranslation(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const asked = subject.ctp()?.call
  const sent = subject.ptb(attempt)?.call
  const dropped = droppedOf(subject, attempt)
  if (!asked || !sent || dropped === null || asked.previousResponseId !== null) return
  const lost = lostInTranslation(asked, sent).filter((what) => !isDeclared(what, dropped))
  if (lost.length === 0) return
  yield {
    ...found(attempt, 'error'),
    count: lost.length,
    description: `The request that was translated for ${attempt.protocol} has no longer ${lost.join(' and ')}.`,
    evidence: { lost, dropped },
  }
}

function found(
  attempt: AttemptView,
  severity: Severity,
): Pick<Finding, 'severity' | 'fault' | 'leg' | 'attempt' | 'hint'> {
  return {
    severity,
    fault: 'proxy',
    leg: 'PTB',
    attempt: attempt.number,
    hint: 'Compare CTP and PTB of this exchange (llmproxy capture diff), and report it: only the model and what is named may differ.',
  }
}

/** What tools are left out is named; so are parts of a conversation that have no place. */
function isDeclared(what: string, dropped: readonly string[]): boolean {
  const words = /tool/.test(what) ? /tool/i : /messages|input|contents?|file|image|document|system|text/i
  return dropped.some((name) => words.test(name) && !noWords.test(name))
}

/** What is said of a conversation and is none of its words. */
const noWords =
  /signature|thinking|thought|reasoning|encrypted|cache_control|is_error|citations|title|name|detail/i

const content =
  /^(?:messages|input|contents|system|instructions|systemInstruction|system_instruction|tools)\b/

/** A place of the conversation or the tools that is gone, or a text that is no longer whole. */
function losesContent({ path, how, before, after }: Change): boolean {
  if (!content.test(path)) return false
  return how === 'lost' ? isFilled(before) : how === 'changed' && !holds(after, before)
}

function isFilled(value: Json | undefined): boolean {
  return (
    value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
  )
}

function holds(after: Json | undefined, before: Json | undefined): boolean {
  return typeof before === 'string' && typeof after === 'string' ? after.includes(before) : !isFilled(before)
}
