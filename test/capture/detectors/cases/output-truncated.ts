import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import {
  callsTool,
  endWith,
  isAnswered,
  isStopped,
  limitOutput,
  textOf,
} from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

function hasWords(capture: CaptureDraft): boolean {
  return isAnswered(capture, (answer) => isStopped(answer) && textOf(answer) !== '')
}

/** The arguments of the last call of a whole chat answer lose their end: other whole answers have them as objects. */
function cutCall(clean: CaptureDraft): CaptureDraft | null {
  const { protocol, stream } = lastOf(clean)
  const fits = protocol === 'openai-chat' && !stream && isAnswered(clean, callsTool)
  if (!fits) return null
  const cut = edited(clean, (x) =>
    limitOutput(x, 500).bothAnswers((leg) =>
      endWith(x, leg, 'length').editJson((json) => {
        for (const { message } of json.choices) {
          for (const { function: called } of message.tool_calls ?? []) called.arguments = '{"city": "Par'
        }
      }),
    ),
  )
  return readingOf(lastOf(cut), lastOf(cut).btp).answer ? cut : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: "cut at the client's limit",
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) => limitOutput(x, 500).bothAnswers((leg) => endWith(x, leg, 'length')))
          : null,
      expects: { fault: 'client', severity: 'warn' },
    },
    {
      name: "cut at the backend's own limit",
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) => limitOutput(x, null).bothAnswers((leg) => endWith(x, leg, 'length')))
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'cut in the arguments of a tool call',
      apply: cutCall,
      expects: { fault: 'client', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the client asks for one token to see whether anybody is there',
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) => limitOutput(x, 1).bothAnswers((leg) => endWith(x, leg, 'length')))
          : null,
    },
    {
      name: 'a limit that was not reached',
      apply: (clean) => (hasWords(clean) ? edited(clean, (x) => limitOutput(x, 5000)) : null),
    },
    {
      name: 'a filter ended it',
      apply: (clean) =>
        hasWords(clean) ? edited(clean, (x) => x.bothAnswers((leg) => endWith(x, leg, 'filter'))) : null,
    },
  ],
}
