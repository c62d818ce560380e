import { type CaptureDraft, edited, refused } from '../../../support/a-capture.ts'
import {
  endWith,
  isAnswered,
  isStopped,
  textOf,
  withoutOutput,
} from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

function hasWords(capture: CaptureDraft): boolean {
  return isAnswered(capture, (answer) => isStopped(answer) && textOf(answer) !== '')
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'a filter ended it in the middle',
      apply: (clean) =>
        hasWords(clean) ? edited(clean, (x) => x.bothAnswers((leg) => endWith(x, leg, 'filter'))) : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'a filter left nothing',
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => endWith(x, withoutOutput(x, leg), 'filter')))
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'the prompt was refused for what it says',
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: {
                  message: 'The response was filtered due to the prompt triggering our content policy.',
                  type: 'invalid_request_error',
                  code: 'content_filter',
                },
              }),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'cut at a limit',
      apply: (clean) =>
        hasWords(clean) ? edited(clean, (x) => x.bothAnswers((leg) => endWith(x, leg, 'length'))) : null,
    },
    {
      name: 'refused for another reason',
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: { message: 'Unknown parameter: "filter".', type: 'invalid_request_error', code: null },
              }),
            )
          : null,
    },
    {
      name: 'words about filters and refusals',
      apply: (clean) =>
        hasWords(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.replaceText(/"(text|content)":"\w/, '"$1":"SAFETY content_filter refusal '),
              ),
            )
          : null,
    },
  ],
}
