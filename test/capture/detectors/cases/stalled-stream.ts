import { isContent } from '../../../../src/core/event.ts'
import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { blockText } from '../../../support/capture/blocks.ts'
import type { DetectorCases } from './case.ts'

/** A good answer that came in some pieces, with words before its middle, so that there is something to stall in. */
function isLongEnough(capture: CaptureDraft): boolean {
  const x = lastOf(capture)
  if (x.closed?.outcome !== 'complete' || x.btp.chunks.length < 4) return false
  const middleMs = x.btp.chunks[middleOf(x.btp.chunks)]?.ms ?? 0
  const first = readingOf(x, x.btp).events.find(({ event }) => isContent(event))
  return first !== undefined && first.atNs < middleMs * 1e6
}

function middleOf(list: readonly unknown[]): number {
  return Math.floor(list.length / 2)
}

function isStream(capture: CaptureDraft): boolean {
  return isLongEnough(capture) && lastOf(capture).stream
}

/** Both answers stop for so long before their chunk in the middle, as if the backend had. */
function stall(capture: CaptureDraft, ms: number): CaptureDraft {
  return edited(capture, (x) => x.bothAnswers((leg) => leg.delay(middleOf(leg.chunks), ms)))
}

/** Half of it came, then nothing until the client had enough; null where the half was all that mattered, or had no word. */
function leftInTheMiddle(capture: CaptureDraft): CaptureDraft | null {
  const left = edited(capture, (x) =>
    x.bothAnswers((leg) => {
      leg.keepBytes(Math.floor(leg.body.length / 2)).endAs('abort_client')
      if (leg.end) leg.end.ms += 40_000
    }),
  )
  const x = lastOf(left)
  const { isTerminated, events } = readingOf(x, x.btp)
  return isTerminated || !events.some(({ event }) => isContent(event)) ? null : left
}

/** The block with the first word and all behind it come so much later: that is `slow_first_token`. */
function waitForWords(capture: CaptureDraft, ms: number): CaptureDraft {
  return edited(capture, (x) =>
    x.bothAnswers((leg) => {
      const first = readingOf(x, leg).events.find(({ event }) => isContent(event))
      leg.editBlocks((blocks) => {
        let offset = 0
        for (const block of blocks) {
          if (offset >= (first?.offset ?? 0)) block.ms += ms
          offset += Buffer.byteLength(blockText(block))
        }
      })
      if (leg.end) leg.end.ms += ms
    }),
  )
}

/** Between two blocks: the longest chunks may end in the middle of one. */
function pauseBetweenBlocks(capture: CaptureDraft, ms: number, pings: number): CaptureDraft {
  return edited(capture, (x) =>
    x.bothAnswers((leg) => {
      leg.editBlocks((blocks) => {
        const middle = middleOf(blocks)
        const fromMs = blocks[middle - 1]?.ms ?? 0
        for (const block of blocks.slice(middle)) block.ms += ms
        const ping = (i: number) => ({
          name: null,
          data: '',
          comment: 'keep-alive',
          ms: fromMs + (i * ms) / pings,
        })
        blocks.splice(middle, 0, ...Array.from({ length: pings }, (_, i) => ping(i)))
      })
      leg.endAs('eof')
      if (leg.end) leg.end.ms = leg.lastMs() + ms
    }),
  )
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'silent for 12 s in the middle',
      apply: (clean) => (isLongEnough(clean) ? stall(clean, 12_000) : null),
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'silent for 385 s in the middle',
      apply: (clean) => (isLongEnough(clean) ? stall(clean, 385_000) : null),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'silent after half of it until the client left 40 s later',
      apply: (clean) => (isStream(clean) ? leftInTheMiddle(clean) : null),
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the user thinks for ten minutes before the next turn',
      apply: (clean) =>
        edited(clean, (_x, capture) => {
          const next = lastOf(capture).clone()
          next.id = `${next.id}b`
          next.turn = (next.turn ?? 0) + 1
          next.openedMs += 600_000
          capture.exchanges.push(next)
        }),
    },
    {
      name: 'slow, but never silent for ten seconds',
      apply: (clean) => (isLongEnough(clean) ? stall(clean, 9_000) : null),
    },
    {
      name: 'the connection stays open for a minute after a complete answer',
      apply: (clean) =>
        isStream(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                if (leg.end) leg.end.ms += 60_000
              }),
            )
          : null,
    },
    {
      name: 'the first word comes after twelve seconds, and the structure before it at once',
      apply: (clean) => (isStream(clean) ? waitForWords(clean, 12_000) : null),
    },
    {
      name: 'keep-alive comments every five seconds of a long think',
      apply: (clean) => (isStream(clean) ? pauseBetweenBlocks(clean, 40_000, 8) : null),
    },
  ],
}
