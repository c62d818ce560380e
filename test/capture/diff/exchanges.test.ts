import { describe, expect, it } from 'vitest'
import { compareExchanges } from '../../../src/capture/diff/exchanges.ts'
import { aCapture, type CaptureDraft, edited, viewsOf } from '../../support/a-capture.ts'

const clean = aCapture({ stream: true })
function compared(before: CaptureDraft, after: CaptureDraft) {
  const [one] = viewsOf(before)
  const [other] = viewsOf(after)
  if (!one || !other) throw new Error('there is no exchange')
  return compareExchanges(one, other, 'semantic')
}

describe('two exchanges', () => {
  it('are compared in what the client asked and what it got', () => {
    const other = edited(clean, (x) => {
      x.request.replaceText('Hi', 'Ho')
      x.answer.replaceText('there', 'you')
    })
    const { verdict, differences } = compared(clean, other)
    expect(verdict).toBe('different')
    expect(differences).toEqual([
      { leg: 'CTP', kind: 'body', path: 'messages[0].content', before: 'Hi', after: 'Ho' },
      { leg: 'PTC', kind: 'message', path: 'choices[0].text', before: 'Hello there.', after: 'Hello you.' },
    ])
  })

  it('with bytes that were not captured prove nothing', () => {
    const lossy = edited(clean, (x) => {
      x.answer.missing = 20
    })
    expect(compared(clean, lossy)).toMatchObject({ verdict: 'unproven', missing: 20, differences: [] })
    const other = edited(lossy, (x) => x.answer.replaceText('there', 'you'))
    expect(compared(clean, other).verdict).toBe('different')
  })

  it('of which one was not answered differ in that', () => {
    const unanswered = edited(clean, (x) => {
      x.ptc = null
    })
    expect(compared(clean, unanswered).differences).toEqual([
      { leg: 'PTC', kind: 'body', path: 'answer', before: 'recorded', after: undefined },
    ])
    expect(compared(unanswered, unanswered).verdict).toBe('same')
  })

  it('tell when each came, and judge it not', () => {
    const late = edited(clean, (x) => x.answer.delayAll(1000))
    const { verdict, timing } = compared(clean, late)
    expect(verdict).toBe('same')
    expect((timing.after?.ttftMs ?? 0) - (timing.before?.ttftMs ?? 0)).toBeCloseTo(1000, 2)
    expect((timing.after?.totalMs ?? 0) - (timing.before?.totalMs ?? 0)).toBeCloseTo(1000, 2)
  })
})
