import { describe, expect, it } from 'vitest'
import { recordingsOf } from '../../../../src/capture/replay/mock/recordings.ts'
import { type Pace, scheduleOf } from '../../../../src/capture/replay/mock/schedule.ts'
import { VaryingTexts } from '../../../../src/capture/replay/mock/varying-texts.ts'
import { aCapture, type ExchangeDraft, edited, viewsOf } from '../../../support/a-capture.ts'

const asRecorded: Pace = { speed: 1, maxGapMs: null }

/** The backend's answer came at these times after the exchange was opened; its request was sent at 10. */
function schedule(pace: Pace, times: number[], edit: (x: ExchangeDraft) => unknown = () => {}) {
  const capture = edited(aCapture({ stream: true }), (x) => {
    x.ptb.end = { why: 'eof', ms: 10, error: null }
    const [headMs = 0, ...chunks] = times
    x.btp.headMs = headMs
    x.btp.chunks = chunks.map((ms) => ({ ms, bytes: Buffer.from('x') }))
    x.btp.end = { why: 'eof', ms: (times.at(-1) ?? 0) + 5, error: null }
    edit(x)
  })
  const [recording] = recordingsOf(viewsOf(capture), { texts: new VaryingTexts() })
  if (!recording) throw new Error('nothing was recorded')
  const { headAtMs, chunks, end } = scheduleOf(recording, pace)
  // Nanoseconds since 1970 are no exact numbers.
  const rounded = (ms: number | null) => (ms === null ? null : Number(ms.toFixed(2)))
  return {
    times: [headAtMs, ...chunks.map(({ atMs }) => atMs)].map(rounded),
    ...{ end: rounded(end.atMs), how: end.how },
  }
}

describe('an answer comes', () => {
  it('at its recorded times after its request was there', () => {
    expect(schedule(asRecorded, [110, 111, 210, 210, 1010])).toEqual({
      ...{ times: [100, 101, 200, 200, 1000], end: 1005, how: 'whole' },
    })
  })

  it('as many times as fast as asked for', () => {
    expect(schedule({ speed: 10, maxGapMs: null }, [110, 111, 1010])).toMatchObject({
      ...{ times: [10, 10.1, 100], end: 100.5 },
    })
    expect(schedule({ speed: 0.5, maxGapMs: null }, [110, 210])).toMatchObject({
      times: [200, 400],
      end: 410,
    })
  })

  it('at once where nothing is waited for', () => {
    const pace = { speed: Number.POSITIVE_INFINITY, maxGapMs: null }
    expect(schedule(pace, [110, 5000])).toMatchObject({ times: [0, 0], end: 0 })
  })

  it('with no silence over the longest that is wished, each by itself', () => {
    expect(schedule({ speed: 1, maxGapMs: 50 }, [110, 130, 5130, 5140, 9999])).toMatchObject({
      ...{ times: [50, 70, 120, 130, 180], end: 185 },
    })
  })

  it('with no silence over it at another speed either', () => {
    expect(schedule({ speed: 10, maxGapMs: 50 }, [110, 5110, 5210])).toMatchObject({ times: [10, 60, 70] })
  })

  it('at once where it began before its request was all there', () => {
    expect(schedule(asRecorded, [5, 8, 30])).toMatchObject({ times: [0, 0, 20] })
  })

  it('never out of order, whatever the times in a file are', () => {
    expect(schedule(asRecorded, [110, 500, 200, 600])).toMatchObject({ times: [100, 490, 490, 590] })
  })
})

describe('an answer ends', () => {
  it.each(['abort_backend', 'error'] as const)('where the backend ended it: %s', (why) => {
    expect(schedule(asRecorded, [110, 120], (x) => x.btp.endAs(why))).toMatchObject({ how: 'cut', end: 115 })
  })

  it.each(['abort_client', 'abort_proxy', 'timeout'] as const)(
    'never by itself where somebody else ended it: %s',
    (why) => {
      const edit = (x: ExchangeDraft) => x.btp.endAs(why)
      const never = { how: 'silent', end: Number.POSITIVE_INFINITY }
      expect(schedule(asRecorded, [110, 120], edit)).toMatchObject(never)
      expect(schedule({ speed: 10, maxGapMs: null }, [110, 120], edit)).toMatchObject(never)
    },
  )

  it.each([
    [{ speed: Number.POSITIVE_INFINITY, maxGapMs: null }, 0],
    [{ speed: 1, maxGapMs: 3 }, 9],
  ])('for who does not wait, then too: %j', (pace, end) => {
    expect(schedule(pace, [110, 120], (x) => x.btp.endAs('timeout'))).toMatchObject({ how: 'silent', end })
  })

  it('never where the capture ends before it', () => {
    const edit = (x: ExchangeDraft) => {
      x.btp.end = null
      x.closed = null
    }
    expect(schedule(asRecorded, [110, 120], edit)).toMatchObject({ how: 'silent', times: [100, 110] })
  })

  it('without a beginning where no connection stood', () => {
    const edit = (x: ExchangeDraft) => {
      Object.assign(x.btp, { status: null, headMs: null, headers: [], chunks: [] })
      x.btp.end = { why: 'error', ms: 40, error: 'connection refused' }
    }
    expect(schedule(asRecorded, [110], edit)).toEqual({ times: [null], end: 30, how: 'cut' })
  })
})
