import { gzipSync } from 'node:zlib'
import { type CaptureDraft, edited, type LegDraft, lastOf } from '../../../support/a-capture.ts'
import { isComplete } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function hasBody(capture: CaptureDraft): boolean {
  return isComplete(capture) && lastOf(capture).btp.body.length > 64
}

/** The header stays, though what stands behind it is as long as the length says: plain. */
function mislabelled(leg: LegDraft): LegDraft {
  return leg.header('content-encoding', 'gzip').header('content-length', String(leg.body.length))
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the backend says gzip and sends something that is none',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.header('content-encoding', 'gzip').leaveUndecoded('gzip')),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy decodes and leaves the header',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) => {
              x.btp.header('content-encoding', 'gzip').header('content-length', null)
              x.answer.header('content-encoding', 'gzip').leaveUndecoded('gzip')
            })
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend sends gzip without saying so',
      apply: (clean) =>
        hasBody(clean) ? edited(clean, (x) => x.bothAnswers((leg) => leg.setBody(gzipSync(leg.body)))) : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy takes the header away and leaves the encoding',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) => {
              x.btp.header('content-encoding', 'gzip').header('content-length', null)
              x.answer.setBody(gzipSync(x.answer.body))
            })
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the length is that of the decoded text, and the header of an encoding stays',
      apply: (clean) => (hasBody(clean) ? edited(clean, (x) => mislabelled(x.answer)) : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend encodes twice',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg
                  .setBody(gzipSync(leg.body))
                  .header('content-encoding', 'gzip')
                  .header('content-length', null),
              ),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'an encoded answer, which the capture keeps decoded',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                const length = String(gzipSync(leg.body).length)
                leg.header('content-encoding', 'gzip').header('content-length', length)
              }),
            )
          : null,
    },
    {
      name: 'the proxy decodes and takes the header away',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) => x.btp.header('content-encoding', 'br').header('content-length', null))
          : null,
    },
    {
      name: 'identity',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => leg.header('content-encoding', 'identity')))
          : null,
    },
    {
      name: 'an encoding that the capture does not know',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.header('content-encoding', 'dcz').leaveUndecoded('dcz')),
            )
          : null,
    },
    {
      name: 'an encoded answer of which the capture has lost a blob',
      apply: (clean) =>
        hasBody(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                leg.header('content-encoding', 'gzip').header('content-length', null)
                leg.missing = leg.body.length
                leg.chunks = []
              }),
            )
          : null,
    },
  ],
}
