import { ProxyError } from '../../../core/errors.ts'
import { contextOverflow } from '../../../protocols/translation/context-overflow.ts'
import type { AnswerReading } from '../../view/reading.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { finalAttempt } from '../seen-answers.ts'

const nearlyFull = 0.95

/** Reference §4.2, 65: the prompt fills the model's context window, or did not fit into it. */
export const contextNearLimit: Detector = {
  code: 'context_near_limit',
  severity: 'error',
  summary: 'The prompt filled most of the context window of its model, or did not fit',
  *find(subject) {
    for (const attempt of subject.exchange.attempts) {
      const { error } = subject.btp(attempt) ?? {}
      if (error) yield* overflow(attempt, error)
    }
    const attempt = finalAttempt(subject)
    if (attempt && isGeneration(subject.exchange)) yield* nearLimit(subject, attempt)
  },
}

function* overflow(attempt: AttemptView, error: NonNullable<AnswerReading['error']>): Iterable<Finding> {
  const { message, type, code, status, at } = error
  const found = contextOverflow(
    new ProxyError('backend_error', message.slice(0, 2000), {
      ...{ providerType: type, providerCode: code },
      ...(status !== null && { status }),
    }),
  )
  if (!found) return
  const numbers = found.kind === 'unknown' ? null : found
  yield {
    severity: 'error',
    fault: 'client',
    leg: 'BTP',
    attempt: attempt.number,
    ...at,
    description: numbers
      ? `The prompt of ${numbers.input} tokens did not fit into the ${numbers.limit} of the model.`
      : 'The prompt did not fit into the context window of the model.',
    evidence: { model: attempt.model, input: numbers?.input ?? null, limit: numbers?.limit ?? null, message },
    hint: advice,
  }
}

const advice =
  'Shorten the conversation (/compact in most agents), begin a new one, or ask a model with a larger window.'

function* nearLimit(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const reading = subject.btp(attempt)
  const { promptTokens } = reading?.answer?.usage ?? {}
  if (!reading || promptTokens === undefined || isOfSeveralPrompts(reading) || asksForMore(attempt)) return
  const prompt = { promptTokens, model: attempt.model, window: subject.contextWindow(attempt) }
  const filled = filledWindow(prompt, subject.thresholds.contextWarnRatio)
  if (filled) yield filled
}

/** Of a prompt that was answered. */
export function filledWindow(
  { promptTokens, model, window }: { promptTokens: number; model: string | null; window: number | null },
  contextWarnRatio: number,
): Finding | null {
  if (window === null || window <= 0) return null
  const share = promptTokens / window
  // More than all did fit: then the window that we know of is not this one.
  if (share < contextWarnRatio || share > 1) return null
  return {
    severity: share >= nearlyFull ? 'warn' : 'note',
    fault: 'client',
    leg: 'CTP',
    description: `The prompt of ${promptTokens} tokens filled ${Math.round(share * 100)} % of the model's ${window}.`,
    evidence: { model, promptTokens, contextWindow: window },
    hint: advice,
  }
}

/** Where the provider's own tools worked, the usage adds up what was asked again with each result. */
function isOfSeveralPrompts({ events }: AnswerReading): boolean {
  return events.some(({ event }) => event.type === 'server_tool')
}

/** Some of Anthropic's models have a larger window for who asks for it (`anthropic-beta: context-1m-2025-08-07`). */
function asksForMore({ ptb }: AttemptView): boolean {
  return (
    ptb?.headers.some(
      ([name, value]) => name.toLowerCase() === 'anthropic-beta' && value.includes('context-1m'),
    ) ?? false
  )
}
