import type { Event } from '../../../core/event.ts'
import type { AnswerReading } from '../../view/reading.ts'
import type { Subject } from '../detector.ts'
import { finalAttempt } from '../seen-answers.ts'

/**
 * The words of an answer of which the tokens can be counted; null where some of its output cannot be seen or
 * counted: hidden thoughts, sound, pictures, what the provider ran itself, a predicted output.
 */
export function countableOutput(
  subject: Subject,
  { answer, events, isTerminated }: AnswerReading,
): { text: string; calls: number } | null {
  if (!answer?.usage || !isTerminated) return null
  const { reasoningTokens = 0, completionAudioTokens = 0 } = answer.usage
  if (completionAudioTokens > 0 || events.some(({ event }) => isUncountable(event, reasoningTokens > 0))) {
    return null
  }
  if (answer.choices.some(({ end }) => end.reason === 'filter' || end.reason === 'error')) return null
  const attempt = finalAttempt(subject)
  if (!attempt || subject.ptb(attempt)?.call?.special.some(({ loss }) => loss === 'prediction')) return null
  return wordsOf(answer.choices.flatMap(({ parts }) => parts))
}

const uncountable: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'server_tool',
  'content',
  'media',
  'unknown',
  'state',
])

function isUncountable({ type }: Event, thoughtsAreCounted: boolean): boolean {
  return uncountable.has(type) || (type === 'reasoning' && !thoughtsAreCounted)
}

type Part = NonNullable<AnswerReading['answer']>['choices'][number]['parts'][number]

function wordsOf(parts: readonly Part[]): { text: string; calls: number } {
  const texts: string[] = []
  let calls = 0
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'refusal') texts.push(part.text)
    if (part.type !== 'tool_call') continue
    calls++
    texts.push(part.name, part.arguments)
  }
  return { text: texts.join(' '), calls }
}
