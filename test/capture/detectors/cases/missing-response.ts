import { edited } from '../../../support/a-capture.ts'
import { closedAs, isComplete, isStream } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the request went nowhere and got no answer',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x, capture) => {
              Object.assign(x, { attempts: [], ptc: null })
              x.unclosed()
              capture.endsMs = x.openedMs + 120_000
            })
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend never said a word, until the capture ended two minutes later',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x, capture) => {
              x.attempt.btp = null
              x.ptc = null
              x.unclosed()
              capture.endsMs = x.openedMs + 120_000
            })
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'it closed without an answer to the client',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              Object.assign(x, { attempts: [], ptc: null })
              if (x.closed) {
                x.closed.attempts = []
                delete x.closed.status
              }
              closedAs(x, 'error')
            })
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'a stream was asked for, and eight seconds later there is no head',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x, capture) => {
              x.attempt.btp = null
              x.ptc = null
              x.unclosed()
              capture.endsMs = x.openedMs + 8_000
            })
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the proxy answers by itself',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempts = []
              if (x.closed) x.closed.attempts = []
            })
          : null,
    },
    {
      name: 'the capture ends three seconds after the request',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x, capture) => {
              x.attempt.btp = null
              x.ptc = null
              x.unclosed()
              capture.endsMs = x.openedMs + 3_000
            })
          : null,
    },
    {
      name: 'the client leaves before there is an answer',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              Object.assign(x.answer, { headMs: null, status: null, headers: [], chunks: [] })
              x.answer.end = { why: 'abort_client', ms: 900, error: null }
              closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
            })
          : null,
    },
    {
      name: 'the backend cannot be reached, and the proxy says so',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              x.answer.status = 502
              x.answer.setBody(
                '{"error":{"message":"cannot reach backend","type":"server_error","code":"connect_failed"}}',
              )
              closedAs(x, 'error', undefined, 'connect_failed')
            })
          : null,
    },
  ],
}
