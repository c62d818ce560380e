import { describe, expect, it } from 'vitest'
import type { CompareLevel } from '../../../src/capture/diff/difference.ts'
import { judge, leavesAfterBytes, whyNotComparable } from '../../../src/capture/replay/judge.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { aCapture, type ExchangeDraft, edited, viewsOf } from '../../support/a-capture.ts'

const protocols: ProtocolName[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini']

function pair(
  before: (x: ExchangeDraft) => unknown,
  after: (x: ExchangeDraft) => unknown,
  wish: Parameters<typeof aCapture>[0] = { stream: true },
) {
  const recorded = viewsOf(edited(aCapture(wish), before))[0]!
  const replayed = viewsOf(edited(aCapture(wish), after))[0]!
  return (level: CompareLevel = 'semantic', comparesHeaders = true) =>
    judge(recorded, replayed, { level, comparesHeaders })
}

const nothing = () => {}
/** The client leaves when it has the first words of the answer. */
const leaves = (x: ExchangeDraft) => {
  const said = x.answer.text.indexOf('there')
  x.answer.keepBytes(x.answer.text.indexOf('\n\n', said) + 2)
  x.answer.endAs('abort_client')
}

const differencesOf = (outcome: ReturnType<typeof judge>) =>
  'differences' in outcome ? outcome.differences.map(({ path }) => path) : outcome

describe('an answer that came again', () => {
  it('and says the same is the same, with both timings', () => {
    const outcome = pair(nothing, (x) => x.answer.delayAll(100))()
    expect(outcome).toMatchObject({ verdict: 'same', differences: [] })
    if (!('timing' in outcome)) throw new Error('there is no timing')
    const { before, after } = outcome.timing
    expect((after?.ttftMs ?? 0) - (before?.ttftMs ?? 0)).toBeCloseTo(100)
  })

  it('without a header that it had differs, where headers are compared', () => {
    const headed = pair((x) => x.answer.header('x-request-id', 'req_1'), nothing)
    expect(headed()).toMatchObject({
      verdict: 'different',
      differences: [
        { leg: 'PTC', attempt: null, kind: 'header', path: 'header x-request-id', before: 'req_1' },
      ],
    })
    expect(headed('structure', false)).toMatchObject({ verdict: 'same' })
  })

  it('and whose connection broke differs, even where all was said', () => {
    const outcome = pair(nothing, (x) => x.answer.endAs('error'))()
    expect(differencesOf(outcome)).toEqual(['end'])
  })

  it('is not proven to be the same where the recorded one is not whole in the capture', () => {
    const lost = (x: ExchangeDraft) => {
      x.answer.missing = 10
    }
    expect(pair(lost, nothing)()).toMatchObject({ verdict: 'unproven', differences: [] })
    const other = (x: ExchangeDraft) => x.answer.replaceText('there', 'you')
    expect(pair(lost, other)()).toMatchObject({ verdict: 'unproven', differences: [] })
    const refused = (x: ExchangeDraft) => {
      x.answer.status = 500
    }
    expect(pair(lost, refused)()).toMatchObject({ verdict: 'different', differences: [{ path: 'status' }] })
  })

  it('is compared without head where the file has none', () => {
    const headless = (x: ExchangeDraft) => {
      x.answer.status = null
      x.answer.headers = []
      x.answer.headMs = null
    }
    expect(pair(headless, nothing)()).toMatchObject({ verdict: 'same' })
  })

  it('has failed where nothing came', () => {
    const none = (x: ExchangeDraft) => {
      x.ptc = null
    }
    expect(pair(nothing, none)()).toMatchObject({ verdict: 'failed' })
  })
})

describe.each(protocols)('an answer in %s that its client left', (protocol) => {
  const left = (after: (x: ExchangeDraft) => unknown) => pair(leaves, after, { protocol, stream: true })

  it.each(['bytes', 'events', 'semantic', 'structure'] as const)(
    'is compared as far as it went: %s',
    (level) => {
      expect(differencesOf(left(nothing)(level))).toEqual([])
      expect(differencesOf(left(leaves)(level))).toEqual([])
      expect(
        differencesOf(
          left((x) => {
            x.answer.keepBytes(Math.floor(x.answer.body.length / 3))
            x.answer.endAs('abort_client')
          })(level),
        ),
      ).toEqual([])
    },
  )

  it.each(['bytes', 'events', 'semantic'] as const)('and says something else there: %s', (level) => {
    const other = left((x) => x.answer.replaceText(/Hello/g, 'Hallo'))(level)
    expect(other).toMatchObject({ verdict: 'different' })
  })

  it('differs where the new one was over before that', () => {
    const short = left((x) => x.answer.dropBlocks(({ data }) => /there/.test(data)))
    expect(short('semantic')).toMatchObject({ verdict: 'different' })
    expect(short('events')).toMatchObject({ verdict: 'different' })
  })

  it('differs by its status', () => {
    const refused = left((x) => {
      x.answer.status = 500
    })()
    expect(differencesOf(refused)).toContain('status')
  })
})

it('a client that left is followed after as many bytes, and what never came proves nothing', () => {
  const view = (edit: (x: ExchangeDraft) => unknown) => viewsOf(edited(aCapture({ stream: true }), edit))[0]!
  expect(leavesAfterBytes(view(nothing))).toBeNull()
  const recorded = view(leaves)
  expect(leavesAfterBytes(recorded)).toBe(recorded.ptc?.body().length)
  expect(whyNotComparable(recorded)).toBeNull()
  const before = view((x) => {
    x.answer.chunks = []
    x.answer.headMs = null
    x.answer.endAs('abort_client')
  })
  expect(whyNotComparable(before)).toContain('before anything')
  const none = view((x) => {
    x.ptc = null
  })
  expect(whyNotComparable(none)).toContain('not in the capture')
})
