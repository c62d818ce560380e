import { type CaptureDraft, type ExchangeDraft, edited } from '../../../support/a-capture.ts'
import { closedAs, isComplete } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function locally(x: ExchangeDraft): void {
  x.attempts = []
  if (x.closed) x.closed.attempts = []
}

function refusal(capture: CaptureDraft, status: number, code: string): CaptureDraft | null {
  if (!isComplete(capture)) return null
  return edited(capture, (x) => {
    locally(x)
    x.answer.status = status
    x.answer.setBody(JSON.stringify({ error: { message: 'no', type: 'invalid_request_error', code } }))
    if (x.closed) x.closed.status = status
    closedAs(x, 'rejected', undefined, code)
  })
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the proxy answers from what it has',
      apply: (clean) => (isComplete(clean) ? edited(clean, locally) : null),
      expects: { fault: null, severity: 'info' },
    },
    {
      name: 'the proxy refuses the access key',
      apply: (clean) => refusal(clean, 401, 'access_key_wrong'),
      expects: { fault: 'client', severity: 'info' },
    },
    {
      name: 'the proxy is shutting down',
      apply: (clean) => refusal(clean, 503, 'shutting_down'),
      expects: { fault: 'proxy', severity: 'info' },
    },
  ],
  nearMisses: [
    {
      name: 'the attempts are told of, but their legs are not in the file',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempts = []
            })
          : null,
    },
    {
      name: 'the backend could not be reached',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              x.answer.status = 502
              closedAs(x, 'error', undefined, 'connect_failed')
            })
          : null,
    },
    {
      name: 'no answer at all',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              locally(x)
              x.ptc = null
            })
          : null,
    },
  ],
}
