import { describe, expect, test } from 'vitest'
import { lengthEstimates } from '../../../src/capture/detectors/ports.ts'
import { subjects } from '../../../src/capture/detectors/subject.ts'
import { defaultThresholds } from '../../../src/capture/detectors/thresholds.ts'
import { ExchangeWindow } from '../../../src/capture/view/window.ts'
import { aCapture, addRefusal, type CaptureDraft, edited, viewsOf } from '../../support/a-capture.ts'

const window = new ExchangeWindow()
const subjectOf = subjects({ around: window.around, thresholds: defaultThresholds, models: lengthEstimates })
const of = (capture: CaptureDraft) => subjectOf(viewsOf(capture).at(-1)!)

test('what is read of an exchange is read once, whoever asks', () => {
  const [view] = viewsOf(aCapture())
  const subject = subjectOf(view!)
  expect(subject.ptc()).toBe(subject.ptc())
  expect(subject.ctp()).toBe(subjectOf(view!).ctp())
  expect(subject.of(view!)).toBe(subject)
})

test('each leg is read in the protocol that is spoken there', () => {
  const translated = edited(aCapture({ protocol: 'anthropic-messages', stream: false }), (x) => {
    const other = aCapture({ protocol: 'openai-chat', stream: false }).exchanges[0]!
    Object.assign(x.attempt, { protocol: 'openai-chat', ptb: other.attempt.ptb, btp: other.attempt.btp })
  })
  const subject = of(translated)
  const [attempt] = subject.exchange.attempts
  for (const reading of [subject.btp(attempt!), subject.ptc()]) {
    expect(reading?.answer?.choices[0]?.parts).toMatchObject([{ text: 'Hello there.' }])
  }
  for (const reading of [subject.ctp(), subject.ptb(attempt!)])
    expect(reading?.call?.messages).toHaveLength(1)
})

test('where the file names no protocol, the paths do', () => {
  const nameless = edited(aCapture({ protocol: 'gemini', stream: false }), (x) => {
    x.protocol = null
    x.attempt.protocol = null
  })
  const subject = of(nameless)
  expect(subject.ctp()?.call?.model).toBe('gemini-2.5-flash')
  expect(subject.ptc()?.answer).not.toBeNull()
})

describe('there is nothing to read', () => {
  test('where the leg is missing, where a part of it was lost, and where it was forgotten', () => {
    const gone = of(edited(aCapture(), (x) => Object.assign(x, { ptc: null })))
    expect(gone.ptc()).toBeNull()
    const lost = of(edited(aCapture(), (x) => Object.assign(x.answer, { missing: 1 })))
    expect(lost.ptc()).toBeNull()
    expect(lost.ctp()).not.toBeNull()
    const forgotten = subjectOf({ ...viewsOf(aCapture())[0]!, forgotten: true })
    expect(forgotten.ctp()).toBeNull()
  })
})

describe('the attempt whose answer became the client’s', () => {
  test('is the one that the proxy took', () => {
    const second = of(edited(aCapture(), (x) => addRefusal(x)))
    expect(second.answered()?.number).toBe(2)
  })

  test('is, when all were refused, the one whose status the client got', () => {
    const refusals = edited(aCapture({ stream: false, status: 500, answer: { error: 'no' } }), (x) => {
      addRefusal(x, { status: 429 })
      x.answer.status = 429
      for (const attempt of x.closed?.attempts ?? []) attempt.reason = 'refused'
    })
    expect(of(refusals).answered()?.number).toBe(1)
  })

  test('is none where the last never answered, and where the client got nothing', () => {
    const failed = edited(aCapture(), (x) => {
      x.attempt.btp = null
      x.answer.status = 502
    })
    expect(of(failed).answered()).toBeNull()
    expect(of(edited(aCapture(), (x) => Object.assign(x, { ptc: null }))).answered()).toBeNull()
  })
})
