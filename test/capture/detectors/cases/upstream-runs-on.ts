import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { closedAs, isSse, isStream, isWhole } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** The client leaves after half of the stream; the rest comes from the backend so much later. */
function leaves(capture: CaptureDraft, laterMs: number): CaptureDraft | null {
  const left = edited(capture, (x) => {
    const index = Math.floor(x.btp.chunks.length / 2)
    x.answer.chunks = x.answer.chunks.slice(0, index)
    const lastMs = x.answer.chunks.at(-1)?.ms ?? x.answer.headMs ?? 0
    x.answer.end = { why: 'abort_client', ms: lastMs + 1, error: null }
    x.btp.delay(index, laterMs)
    closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
  })
  const x = lastOf(left)
  return x.btp.chunks.length < 4 || readingOf(x, x.answer).isTerminated ? null : left
}

/** What the backend sends behind the client's leaving, as comments so that any protocol takes it. */
function withFiller(capture: CaptureDraft, bytes: number): CaptureDraft | null {
  const left = isSse(capture) ? leaves(capture, 0) : null
  return (
    left &&
    edited(left, (x) => {
      const at = x.btp.chunks.length - 1
      const ms = x.btp.chunks[at]?.ms ?? 0
      x.btp.chunks.splice(at, 0, { ms, bytes: Buffer.from(`: ${'x'.repeat(bytes)}\n\n`) })
    })
  )
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the backend goes on for five seconds without a client',
      apply: (clean) => (isStream(clean) ? leaves(clean, 5_000) : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend goes on for 20 kB without a client',
      apply: (clean) => withFiller(clean, 20_000),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the client leaves while it waits for a whole answer that is written to its end',
      apply: (clean) =>
        isWhole(clean)
          ? edited(clean, (x) => {
              Object.assign(x.answer, { headMs: null, status: null, headers: [], chunks: [] })
              x.answer.end = { why: 'abort_client', ms: 200, error: null }
              x.btp.delayAll(20_000)
              closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
            })
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the backend is stopped a fifth of a second later',
      apply: (clean) => {
        const left = isStream(clean) ? leaves(clean, 0) : null
        return (
          left &&
          edited(left, (x) => {
            const leftMs = x.answer.end?.ms ?? 0
            x.btp.chunks = x.btp.chunks.filter(({ ms }) => ms <= leftMs + 100)
            let bytes = 0
            x.btp.chunks = x.btp.chunks.filter((chunk) => {
              if (chunk.ms > leftMs) bytes += chunk.bytes.length
              return bytes < 8_000
            })
            x.btp.end = { why: 'abort_client', ms: leftMs + 200, error: null }
          })
        )
      },
    },
    {
      name: 'the client leaves behind the last event, and the connection to the backend stays open',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) => {
              x.answer.endAs('abort_client')
              if (x.btp.end) x.btp.end.ms += 60_000
            })
          : null,
    },
    {
      name: 'nobody leaves',
      apply: (clean) =>
        isStream(clean) ? edited(clean, (x) => x.bothAnswers((leg) => leg.delay(1, 5_000))) : null,
    },
  ],
}
