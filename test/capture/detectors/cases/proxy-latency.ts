import { isContent } from '../../../../src/core/event.ts'
import { type CaptureDraft, edited } from '../../../support/a-capture.ts'
import { answerOf, isComplete, isSse, isStream, isWhole } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function hasMiddle(capture: CaptureDraft): boolean {
  return isStream(capture) && middleOf(capture) > 0
}

/** A chunk behind the first content, which may stand in two, or 0. */
function middleOf(capture: CaptureDraft): number {
  const x = capture.exchanges.at(-1)
  const first = answerOf(capture).events.find(({ event }) => isContent(event))
  if (!x || !first) return 0
  let at = 0
  const from = x.btp.chunks.findIndex(({ bytes }) => {
    at += bytes.length
    return at > first.offset
  })
  const middle = Math.max(from + 2, Math.floor(x.btp.chunks.length / 2))
  return middle < x.btp.chunks.length ? middle : 0
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'a chunk waits half a second in the proxy',
      apply: (clean) =>
        hasMiddle(clean) ? edited(clean, (x) => x.answer.delay(middleOf(clean), 500)) : null,
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'a whole answer waits for two seconds in the proxy',
      apply: (clean) => (isWhole(clean) ? edited(clean, (x) => x.answer.delayAll(2_000)) : null),
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'a stream that came for seconds is written in one piece at its end',
      apply: (clean) =>
        hasMiddle(clean)
          ? edited(clean, (x) => {
              x.btp.delay(middleOf(clean), 3_000)
              const ms = x.btp.lastMs() + 1
              x.answer.chunks = [{ ms, bytes: x.answer.body }]
              x.answer.end = { why: 'eof', ms: ms + 1, error: null }
            })
          : null,
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'every chunk waits for 90 ms, more than a twentieth of the stream',
      apply: (clean) =>
        isStream(clean) && middleOf(clean) > 2 ? edited(clean, (x) => x.answer.delayAll(90)) : null,
      expects: { fault: 'proxy', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'what comes before the first content is held back until it comes',
      apply: (clean) => {
        const first = answerOf(clean).events.find(({ event }) => isContent(event))
        if (!isStream(clean) || !first || first.offset === 0) return null
        return edited(clean, (x) => {
          let at = 0
          const index = x.btp.chunks.findIndex(({ bytes }) => {
            at += bytes.length
            return at > first.offset
          })
          x.bothAnswers((leg) => leg.delay(index, 3_000))
          const ms = x.answer.chunks[index]?.ms ?? 0
          for (const chunk of x.answer.chunks.slice(0, index)) chunk.ms = ms
          x.answer.headMs = ms
        })
      },
    },
    {
      name: 'the backend pauses for eight seconds',
      apply: (clean) =>
        hasMiddle(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => leg.delay(middleOf(clean), 8_000)))
          : null,
    },
    {
      name: 'the proxy writes keep-alive comments in a pause',
      apply: (clean) =>
        isSse(clean) && hasMiddle(clean)
          ? edited(clean, (x) => {
              const middle = middleOf(clean)
              x.bothAnswers((leg) => leg.editBlocks(() => {}))
              const at = Math.max(1, Math.min(middle, x.btp.chunks.length - 1))
              x.bothAnswers((leg) => leg.delay(at, 20_000))
              const ms = (x.answer.chunks[at]?.ms ?? 0) - 10_000
              x.answer.chunks.splice(at, 0, { ms, bytes: Buffer.from(': keep-alive\n\n') })
            })
          : null,
    },
    {
      name: 'the connection to the client ends a second after the answer',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              if (x.answer.end) x.answer.end.ms += 1_000
            })
          : null,
    },
    {
      name: 'the first chunk took 40 ms',
      apply: (clean) =>
        hasMiddle(clean)
          ? edited(clean, (x) => {
              const [first] = x.answer.chunks
              if (first) first.ms += 4
            })
          : null,
    },
  ],
}
