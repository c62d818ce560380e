import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import {
  callsTool,
  endWith,
  isAnswered,
  isStopped,
  textOf,
  withoutOutput,
} from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

/** A normal end with something to show, and nothing that is neither words nor a call. */
function hasOutput(capture: CaptureDraft): boolean {
  return isAnswered(capture, (answer) => isStopped(answer) && (textOf(answer) !== '' || callsTool(answer)))
}

function hasOnlyWords(capture: CaptureDraft): boolean {
  const x = lastOf(capture)
  const others = ['tool_call', 'content', 'media', 'refusal', 'server_tool', 'reasoning']
  return hasOutput(capture) && !readingOf(x, x.btp).events.some(({ event }) => others.includes(event.type))
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the backend ended normally without a word',
      apply: (clean) =>
        hasOutput(clean) ? edited(clean, (x) => x.bothAnswers((leg) => withoutOutput(x, leg))) : null,
      expects: { fault: 'backend' },
    },
    {
      name: 'the proxy passed on the end only',
      apply: (clean) => (hasOutput(clean) ? edited(clean, (x) => withoutOutput(x, x.answer)) : null),
      expects: { fault: 'proxy' },
    },
    {
      name: 'the answer is white space',
      apply: (clean) =>
        hasOnlyWords(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => blank(leg, x.protocol === 'openai-responses')))
          : null,
      expects: { fault: 'backend' },
    },
  ],
  nearMisses: [
    {
      name: 'the limit was reached before a word',
      apply: (clean) =>
        hasOutput(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => endWith(x, withoutOutput(x, leg), 'length')))
          : null,
    },
    {
      name: 'a filter took everything',
      apply: (clean) =>
        hasOutput(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => endWith(x, withoutOutput(x, leg), 'filter')))
          : null,
    },
    {
      name: 'a tool is called and nothing said',
      apply: (clean) =>
        isAnswered(clean, (answer) => callsTool(answer) && textOf(answer) === '') ? clean : null,
    },
    {
      name: 'a helper call has no answer in words',
      apply: (clean) =>
        lastOf(clean).closed && hasOutput(clean)
          ? edited(clean, (x) => {
              x.bothAnswers((leg) => withoutOutput(x, leg))
              if (x.closed) x.closed.purpose = 'other'
            })
          : null,
    },
  ],
}

type Leg = Parameters<typeof withoutOutput>[1]

/** All words become a space: every text of the answer in the place where its protocol has it. */
function blank(leg: Leg, isResponses: boolean): Leg {
  const names = isResponses ? '"(?:text|delta)"' : '"(?:text|content)"'
  return leg.replaceText(new RegExp(`(${names}\\s*:\\s*)"(?:[^"\\\\]|\\\\.)+"`, 'g'), '$1" "')
}
