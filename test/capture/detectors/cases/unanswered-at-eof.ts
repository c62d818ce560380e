import { type CaptureDraft, edited } from '../../../support/a-capture.ts'
import { isComplete, isStream } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** It is open in the middle of its answer. */
function open(capture: CaptureDraft, inOrder: boolean): CaptureDraft {
  return edited(capture, (x, all) => {
    x.bothAnswers((leg) => {
      leg.keepBytes(Math.floor(leg.body.length / 2))
      leg.end = null
    })
    x.unclosed()
    all.closedInOrder = inOrder
  })
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'open in the middle of a stream when the capture was ended in order',
      apply: (clean) => (isStream(clean) ? open(clean, true) : null),
      expects: { fault: null, severity: 'warn' },
    },
    {
      name: 'open in the middle of a stream when the capture was cut',
      apply: (clean) => (isStream(clean) ? open(clean, false) : null),
      expects: { fault: null, severity: 'note' },
    },
    {
      name: 'waiting for its answer when the capture was ended in order',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              x.ptc = null
              x.unclosed()
            })
          : null,
      expects: { fault: null, severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'the capture was cut behind it',
      apply: (clean) =>
        edited(clean, (_x, capture) => {
          capture.closedInOrder = false
        }),
    },
    {
      name: 'a file of the original, in which nothing closes',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.version = 2
              x.unclosed()
            })
          : null,
    },
    {
      name: 'open when the capture was cut',
      apply: (clean) => (isStream(clean) ? open(clean, false) : null),
    },
  ],
}
