import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { closedAs, halved, isSse, isStream, isWhole } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function clientGetsHalf(
  capture: CaptureDraft,
  why: 'eof' | 'abort_proxy' | 'abort_client',
): CaptureDraft | null {
  const spoilt = edited(capture, (x) => {
    x.answer.keepBytes(Math.floor(x.answer.body.length / 2)).endAs(why)
    if (why === 'abort_client') closedAs(x, 'incomplete', 'client_disconnect')
  })
  const x = lastOf(spoilt)
  return readingOf(x, x.answer).isTerminated ? null : spoilt
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the client gets half of a whole stream',
      apply: (clean) => (isStream(clean) ? clientGetsHalf(clean, 'eof') : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy cuts the connection after half of it',
      apply: (clean) => (isStream(clean) ? clientGetsHalf(clean, 'abort_proxy') : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the client gets half of a document',
      apply: (clean) => (isWhole(clean) ? clientGetsHalf(clean, 'eof') : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy swallows the last event',
      apply: (clean) => {
        if (!isSse(clean)) return null
        const spoilt = edited(clean, (x) => {
          const last = x.answer.blocks().length - 1
          x.answer.dropBlocks((_, index) => index === last)
        })
        const x = lastOf(spoilt)
        return readingOf(x, x.answer).isTerminated ? null : spoilt
      },
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the client left in the middle, and the backend was read on',
      apply: (clean) => (isStream(clean) ? clientGetsHalf(clean, 'abort_client') : null),
    },
    {
      name: 'the backend itself stopped half way',
      apply: (clean) => {
        if (!isStream(clean)) return null
        let isCut = false
        const near = edited(clean, (x) => {
          isCut = halved(x)
        })
        return isCut ? near : null
      },
    },
    {
      name: 'the answer is still on its way to the client when the capture ends',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              x.answer.keepBytes(Math.floor(x.answer.body.length / 2))
              x.answer.end = null
              x.unclosed()
            })
          : null,
    },
    {
      name: 'the same in other chunks',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              x.answer.chunks = [{ ms: x.answer.lastMs(), bytes: x.answer.body }]
            })
          : null,
    },
  ],
}
