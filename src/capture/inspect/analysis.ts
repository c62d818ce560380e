import type { StopReason } from '../../core/event.ts'
import type { Issue } from '../detectors/detector.ts'
import type { AnswerReading } from '../view/reading.ts'
import { type ExchangeRow, exchangeRow } from './exchange-row.ts'
import type { InspectedExchange } from './inspected-exchange.ts'

/** What an exchange asked and what it was answered, in numbers. */
export interface Analysis {
  row: ExchangeRow
  request: { messages: number; tools: number; systemChars: number } | null
  backend: AnswerFacts | null
  client: AnswerFacts | null
  /** Of attempts that did not become the answer. */
  failures: { attempt: number; backend: string | null; status: number | null; why: string }[]
  issues: readonly Issue[]
}

export interface AnswerFacts {
  textChars: number
  reasoningChars: number
  tools: string[]
  stop: StopReason | null
  /** The provider's own word. */
  stopWord: string | null
  error: string | null
  isComplete: boolean
}

export function analysisOf(x: InspectedExchange, issues: readonly Issue[]): Analysis {
  const { subject, final, view } = x
  const call = subject.ctp()?.call ?? (final && subject.ptb(final)?.call) ?? null
  const btp = final && subject.btp(final)
  const ptc = subject.ptc()
  return {
    row: exchangeRow(x, issues),
    request: call && {
      messages: call.messages.length,
      tools: call.tools.length,
      systemChars: call.messages.reduce(
        (sum, { role, parts }) =>
          role === 'system' ? parts.reduce((chars, { text }) => chars + text.length, sum) : sum,
        0,
      ),
    },
    backend: btp && answerFacts(btp),
    client: ptc && answerFacts(ptc),
    failures: view.attempts
      .filter(({ number }) => number !== final?.number)
      .map(({ number: attempt, backend, btp: answer }) => ({
        ...{ attempt, backend, status: answer?.status ?? null },
        why: view.closed?.attempts.find(({ n }) => n === attempt)?.reason ?? 'no reason is told',
      })),
    issues,
  }
}

function answerFacts(reading: AnswerReading): AnswerFacts {
  const facts: AnswerFacts = {
    ...{ textChars: 0, reasoningChars: 0, tools: [], stop: null, stopWord: null },
    error: reading.error && [reading.error.type, reading.error.message].filter(Boolean).join(': '),
    isComplete: reading.isTerminated,
  }
  for (const { event } of reading.events) {
    if (event.type === 'text') facts.textChars += event.text.length
    else if (event.type === 'reasoning') facts.reasoningChars += event.text.length
    else if (event.type === 'tool_call' && event.name) facts.tools.push(event.name)
    else if (event.type === 'end') Object.assign(facts, { stop: event.reason, stopWord: event.raw })
  }
  return facts
}
