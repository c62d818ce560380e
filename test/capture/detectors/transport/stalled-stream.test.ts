import { expect, test } from 'vitest'
import { stalledStream } from '../../../../src/capture/detectors/transport/stalled-stream.ts'
import { aCapture, edited, issuesOf } from '../../../support/a-capture.ts'

const clean = aCapture({ protocol: 'anthropic-messages', stream: true })

test('a backend that is silent for longer than the limit is at fault, and the place is named', () => {
  const stalled = edited(clean, (x) => x.bothAnswers((leg) => leg.delay(4, 41_000)))
  const before = stalled.exchanges[0]!.btp.chunks.slice(0, 4)
  expect(issuesOf(stalledStream, stalled)).toMatchObject([
    {
      type: 'slow_response',
      severity: 'error',
      fault: 'backend',
      leg: 'BTP',
      attempt: 1,
      evidence: { seconds: expect.closeTo(41, 0) },
      atNs: (clean.exchanges[0]!.openedMs + before[3]!.ms) * 1e6,
    },
  ])
  expect(issuesOf(stalledStream, clean)).toEqual([])
})

test('what was silent until the capture ended is told although it never closed', () => {
  const hanging = edited(clean, (x, capture) => {
    x.bothAnswers((leg) => leg.cutTail(250))
    x.btp.end = null
    x.answer.end = null
    x.unclosed()
    capture.endsMs = x.openedMs + x.lastMs() + 90_000
  })
  expect(issuesOf(stalledStream, hanging)).toMatchObject([{ severity: 'error', evidence: { seconds: 90 } }])
})

test('pings that bridge a silence make it a note', () => {
  const thinking = edited(clean, (x) => {
    x.btp.editBlocks((blocks) => {
      for (const block of blocks.slice(5)) block.ms += 15_000
      blocks.splice(5, 0, { name: 'ping', data: '{"type":"ping"}', comment: null, ms: blocks[4]!.ms + 8_000 })
    })
  })
  expect(issuesOf(stalledStream, thinking)).toMatchObject([
    { severity: 'note', evidence: { silentSeconds: 8 } },
  ])
})

test('the limits are those of the configuration', () => {
  const stalled = edited(clean, (x) => x.btp.delay(4, 3_000))
  expect(issuesOf(stalledStream, stalled)).toEqual([])
  const thresholds = { stallWarnSeconds: 2 }
  expect(issuesOf(stalledStream, stalled, { thresholds })).toMatchObject([{ severity: 'warn' }])
})
