import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import {
  callsTool,
  endWith,
  isAnswered,
  isStopped,
  writeArguments,
} from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof endWith>[0]
type Leg = Parameters<typeof endWith>[1]

/** Both answers call their tools with this; null where the answer has no arguments in words. */
function calledWith(clean: CaptureDraft, text: string, legs: 'both' | 'proxy' = 'both'): CaptureDraft | null {
  if (!isAnswered(clean, (answer) => isStopped(answer) && callsTool(answer))) return null
  const { answer } = readingOf(lastOf(clean), lastOf(clean).btp)
  const isCustom = answer?.choices.some(({ parts }) => parts.some((part) => 'custom' in part))
  if (isCustom) return null
  const called = edited(clean, (x) => {
    if (legs === 'both') writeArguments(x.btp, text)
    writeArguments(x.answer, text)
  })
  return argumentsOf(lastOf(called), lastOf(called).answer) === text ? called : null
}

function argumentsOf(x: Draft, leg: Leg): string | null {
  const parts = readingOf(x, leg).answer?.choices.flatMap((choice) => choice.parts) ?? []
  const call = parts.find((part) => part.type === 'tool_call')
  return call?.type === 'tool_call' ? call.arguments : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the arguments have no end',
      apply: (clean) => calledWith(clean, '{"path": "/tmp/a.txt", "text": "Hel'),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the arguments are a list',
      apply: (clean) => calledWith(clean, '["Paris", "London"]'),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the arguments come twice',
      apply: (clean) => calledWith(clean, '{"city": "Paris"}{"city": "Paris"}'),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy broke them',
      apply: (clean) => calledWith(clean, '{"path": "/tmp/a.txt", "text": "Hel', 'proxy'),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    { name: 'a tool without parameters gets none', apply: (clean) => noArguments(clean) },
    {
      name: 'the limit was reached in the arguments',
      apply: (clean) => {
        const cut = calledWith(clean, '{"path": "/tmp/a.txt", "text": "Hel')
        return cut && edited(cut, (x) => x.bothAnswers((leg) => endWith(x, leg, 'length')))
      },
    },
    {
      name: 'JSON with white space around it',
      apply: (clean) => calledWith(clean, ' {\n  "city": "Paris"\n}\n'),
    },
  ],
}

function noArguments(clean: CaptureDraft): CaptureDraft | null {
  if (!isAnswered(clean, (answer) => isStopped(answer) && callsTool(answer))) return null
  return edited(clean, (x) => x.bothAnswers((leg) => writeArguments(leg, '')))
}
