import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { closedAs, halved, isComplete, isStream } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** It left in the middle; `readOn`: the proxy took the rest from the backend. */
function leaves(capture: CaptureDraft, readOn: boolean): CaptureDraft | null {
  const left = edited(capture, (x) => {
    const half = Math.floor(x.answer.body.length / 2)
    x.answer.keepBytes(half).endAs('abort_client')
    if (!readOn) x.btp.keepBytes(half).endAs('abort_client')
    closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
  })
  const x = lastOf(left)
  return readingOf(x, x.answer).isTerminated ? null : left
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the client leaves in the middle of a stream',
      apply: (clean) => (isStream(clean) ? leaves(clean, false) : null),
      expects: { fault: 'client', severity: 'note' },
    },
    {
      name: 'the client leaves and the backend is read on',
      apply: (clean) => (isStream(clean) ? leaves(clean, true) : null),
      expects: { fault: 'client', severity: 'note' },
    },
    {
      name: 'the client leaves before the first byte',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              Object.assign(x.answer, { headMs: null, status: null, headers: [], chunks: [] })
              x.answer.end = { why: 'abort_client', ms: 900, error: null }
              closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
            })
          : null,
      expects: { fault: 'client', severity: 'note' },
    },
  ],
  nearMisses: [
    {
      name: 'the client closes its connection behind the last event',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => x.answer.endAs('abort_client')) : null),
    },
    {
      name: 'the backend stopped half way',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              halved(x)
              x.answer.endAs('abort_proxy')
              closedAs(x, 'incomplete', 'truncated', 'backend_truncated')
            })
          : null,
    },
  ],
}
