import { isContent } from '../../../../src/core/event.ts'
import { type CaptureDraft, edited, lastOf, refused } from '../../../support/a-capture.ts'
import { answerOf, isStream, isWhole } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function later(capture: CaptureDraft, ms: number): CaptureDraft {
  return edited(capture, (x) => x.bothAnswers((leg) => leg.delayAll(ms)))
}

/** The head at once, then what is no content; the first word so much later. */
function contentLater(capture: CaptureDraft, ms: number): CaptureDraft | null {
  const first = answerOf(capture).events.find(({ event }) => isContent(event))
  if (!first || first.offset === 0) return null
  return edited(capture, (x) =>
    x.bothAnswers((leg) => {
      let at = 0
      const index = leg.chunks.findIndex(({ bytes }) => {
        at += bytes.length
        return at > first.offset
      })
      leg.delay(index, ms)
    }),
  )
}

/** Nine like it in front, half a minute apart each. */
function afterNine(capture: CaptureDraft): CaptureDraft {
  return edited(capture, (x, all) => {
    const before = Array.from({ length: 9 }, (_, i) => {
      const copy = x.clone()
      return Object.assign(copy, {
        id: `before_${i}`,
        openedMs: x.openedMs - (9 - i) * 30_000,
        session: `s_${i}`,
      })
    })
    all.exchanges.splice(-1, 0, ...before)
  })
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'nothing for 12 s, then the stream',
      apply: (clean) => (isStream(clean) ? later(clean, 12_000) : null),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'nothing for 45 s, then the stream',
      apply: (clean) => (isStream(clean) ? later(clean, 45_000) : null),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the head and the first structure at once, the first word 20 s later',
      apply: (clean) => (isStream(clean) ? contentLater(clean, 20_000) : null),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'seven seconds where nine before it took a third of one',
      apply: (clean) => (isStream(clean) ? later(afterNine(clean), 7_000) : null),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'no word within 50 s, when the client had enough',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              if (x.ptc) Object.assign(x.ptc, { headMs: null, status: null, headers: [], chunks: [] })
              x.answer.end = { why: 'abort_client', ms: 50_000, error: null }
            })
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'a whole answer that took 40 s to write',
      apply: (clean) => (isWhole(clean) ? later(clean, 40_000) : null),
    },
    {
      name: 'the first word after nine seconds',
      apply: (clean) => (isStream(clean) ? later(clean, 9_000) : null),
    },
    {
      name: 'the client took half a minute to send its request',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              x.request.delay(0, 30_000)
              x.ptb.delayAll(30_000)
              x.bothAnswers((leg) => leg.delayAll(30_000))
            })
          : null,
    },
    {
      name: 'a refusal after 40 s',
      apply: (clean) =>
        isStream(clean)
          ? edited(later(clean, 40_000), (x) => refused(x, 503, { error: { message: 'no capacity' } }))
          : null,
    },
    {
      name: 'as quick as nine before it',
      apply: (clean) => (isStream(clean) ? later(afterNine(clean), 200) : null),
    },
    {
      name: 'a stream of which the client wanted nothing after a second',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              x.attempt.btp = null
              x.ptc = lastOf(clean).answer.clone()
              Object.assign(x.ptc, { headMs: null, status: null, headers: [], chunks: [] })
              x.ptc.end = { why: 'abort_client', ms: 1_000, error: null }
            })
          : null,
    },
  ],
}
