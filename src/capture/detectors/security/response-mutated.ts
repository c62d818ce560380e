import type { Answer, AnswerChoice } from '../../../core/answer.ts'
import type { Json } from '../../../core/json.ts'
import { parsedJson } from '../../view/raw-event.ts'
import { canonicalJson } from '../canonical.ts'
import type { Detector, Finding, Severity, Subject } from '../detector.ts'
import { finalAttempt, seenAnswers } from '../seen-answers.ts'
import { isTranslated } from './declared-losses.ts'

/** Reference §4.2, 73: the client read something else than the backend had said. */
export const responseMutated: Detector = {
  code: 'response_mutated',
  severity: 'error',
  summary: 'The proxy changed what an answer says',
  *find(subject) {
    if (subject.exchange.version === 2) return
    const [sent, got] = seenAnswers(subject)
    const attempt = finalAttempt(subject)
    if (!sent || !got || !attempt || !sent.reading.isTerminated || !got.reading.isTerminated) return
    const said = sent.reading.answer
    const read = got.reading.answer
    if (!said || !read) return
    const change = compared(said, read, isTranslated(subject, attempt), subject)
    if (change) yield { ...change, fault: 'proxy', leg: 'PTC', attempt: null, hint }
  },
}

const hint =
  'Compare BTP and PTC of this exchange (llmproxy capture diff), and report it: an answer is passed on as it came.'

type Found = Pick<Finding, 'severity' | 'description' | 'evidence'>

function compared(said: Answer, read: Answer, isOther: boolean, subject: Subject): Found | null {
  for (const [index, choice] of said.choices.entries()) {
    const other = read.choices[index]
    if (!other) {
      // Some protocols have one answer only.
      if (isOther) return null
      return {
        severity: 'error',
        description: `Answer ${index} of ${said.choices.length} did not reach the client.`,
        evidence: { choice: index },
      }
    }
    const found = inWords(choice, other, isOther) ?? inCalls(choice, other, isOther, subject)
    if (found) return { ...found, evidence: { choice: index, ...found.evidence } }
  }
  return null
}

function inWords(said: AnswerChoice, read: AnswerChoice, isOther: boolean): Found | null {
  const [before, after] = [wordsOf(said, isOther), wordsOf(read, isOther)]
  if (before === after) return null
  const isWhole = isOther ? isWithin(said, after) : common(before, after) >= before.length
  // Refusals, and what the provider ran itself, come as text where there is no place for them.
  if (isWhole && isOther) return null
  const severity: Severity = isWhole ? 'warn' : 'error'
  return {
    severity,
    description: isWhole
      ? `The client got ${after.length - before.length} characters of text that the backend had not sent.`
      : `The backend sent ${before.length} characters of text, which the client did not get as they were (${after.length}).`,
    evidence: { sent: before.length, got: after.length, firstDifference: commonStart(before, after) },
  }
}

/** White space between blocks of text is the protocol's. */
function wordsOf({ parts }: AnswerChoice, isOther: boolean): string {
  const text = parts
    .map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
    .join('')
  return isOther ? text.replace(/\s+/g, ' ').trim() : text
}

function isWithin({ parts }: AnswerChoice, after: string): boolean {
  return parts.every((part) => part.type !== 'text' || after.includes(part.text.replace(/\s+/g, ' ').trim()))
}

function inCalls(said: AnswerChoice, read: AnswerChoice, isOther: boolean, subject: Subject): Found | null {
  const [before, after] = [callsOf(said), callsOf(read)]
  if (isOther && answersByTool(subject, before, after)) return null
  const at = before.findIndex(
    (call, index) =>
      call.arguments !== after[index]?.arguments || (!isOther && call.name !== after[index]?.name),
  )
  if (at < 0 && (isOther || before.length === after.length)) return null
  const call = before[at] ?? after.at(-1)
  return {
    severity: 'error',
    description: `The backend's call of ${call?.name || 'a tool'} did not reach the client as it was.`,
    evidence: { tool: call?.name ?? null, sent: before.length, got: after.length },
  }
}

interface PlainCall {
  name: string
  arguments: string
}

function callsOf({ parts }: AnswerChoice): PlainCall[] {
  return parts.flatMap((part) => {
    if (part.type !== 'tool_call') return []
    const json: Json | undefined = part.custom ? undefined : parsedJson(part.arguments)
    return [{ name: part.name, arguments: json === undefined ? part.arguments : canonicalJson(json) }]
  })
}

/** A tool that stood in for the form of the answer, or for a tool of free text: its arguments come as something else. */
function answersByTool(subject: Subject, before: readonly PlainCall[], after: readonly PlainCall[]): boolean {
  const call = subject.ctp()?.call
  const isCustom = call?.tools.some(({ type }) => type === 'custom') === true
  return isCustom || (call?.output !== null && after.length < before.length)
}

/** How much of two texts is the same at their beginning and at their end: what is all of one was only added to. */
function common(before: string, after: string): number {
  const start = commonStart(before, after)
  let end = 0
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return start + Math.min(end, after.length - start)
}

function commonStart(before: string, after: string): number {
  let at = 0
  while (at < before.length && before[at] === after[at]) at++
  return at
}
