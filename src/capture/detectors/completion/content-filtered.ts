import { ProxyError } from '../../../core/errors.ts'
import { meaningOf } from '../../../protocols/translation/error-meaning.ts'
import type { AnswerReading } from '../../view/reading.ts'
import type { Detector } from '../detector.ts'
import { firstSeen, type SeenAnswer } from '../seen-answers.ts'

/** Reference §4.2, 44: a filter, or the model itself, refused to answer. */
export const contentFiltered: Detector = {
  code: 'content_filtered',
  severity: 'warn',
  summary: 'A content filter cut or refused the answer, or the model refused',
  *find(subject) {
    yield* firstSeen(subject, judged)
  },
}

function judged({ reading, fault }: SeenAnswer) {
  const how = filteredAnswer(reading) ?? filteredPrompt(reading)
  if (!how) return null
  return {
    severity: 'warn' as const,
    fault,
    description: how.description,
    evidence: how.evidence,
    hint: 'Say the request in another way, or ask another model; the same words will be refused again.',
  }
}

function filteredAnswer({ answer }: AnswerReading) {
  const filtered = answer?.choices.find(({ end }) => end.reason === 'filter')
  const refusal = answer?.choices.flatMap(({ parts }) => parts).find(({ type }) => type === 'refusal')
  if (!filtered && !refusal) return null
  const raw = filtered?.end.raw ?? 'refusal'
  const came = answer?.choices.some(({ parts }) => parts.length > 0) === true
  return {
    description: refusal
      ? 'The model refused to answer.'
      : `A filter ended the answer with "${raw}"${came ? ' after a part of it had come' : ' before anything came'}.`,
    evidence: { stop: raw, refusal: refusal !== undefined },
  }
}

function filteredPrompt({ error }: AnswerReading) {
  if (!error) return null
  const { message, type, code, status } = error
  const told = new ProxyError('backend_error', message, {
    ...{ providerType: type, providerCode: code },
    ...(status !== null && { status }),
  })
  if (meaningOf(told) !== 'refused_prompt') return null
  return {
    description: `The prompt was refused for what it says (${code ?? type}).`,
    evidence: { status, code, type, message },
  }
}
