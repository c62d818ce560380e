import { describe, expect, it } from 'vitest'
import { timelineOf } from '../../../src/capture/show/timeline.ts'
import { aCapture, addRefusal, type CaptureDraft, edited, viewsOf } from '../../support/a-capture.ts'

function rows(capture: CaptureDraft) {
  const [view] = viewsOf(capture)
  return view ? timelineOf(view) : []
}
const clean = aCapture({ stream: true })

describe('the timeline of an exchange', () => {
  it('says when each thing was read and when it was written on', () => {
    const late = edited(clean, (x) => x.answer.delayAll(50))
    const byName = new Map(rows(late).map((row) => [row.what, row]))
    const [btp, ptc] = [late.exchanges[0]?.btp, late.exchanges[0]?.answer]
    expect([...byName.keys()]).toEqual([
      ...['request, attempt 1', 'answer begins', 'first chunk', 'first content', 'last chunk', 'end'],
    ])
    expect(byName.get('answer begins')?.readMs).toBeCloseTo(btp?.headMs ?? 0, 3)
    expect(byName.get('answer begins')?.writtenMs).toBeCloseTo(ptc?.headMs ?? 0, 3)
    expect(byName.get('last chunk')?.writtenMs).toBeCloseTo(ptc?.chunks.at(-1)?.ms ?? 0, 3)
    expect(byName.get('end')?.note).toBe('whole')
  })

  it('has the attempts that were not passed on', () => {
    const found = rows(edited(clean, (x) => addRefusal(x)))
    expect(found.slice(0, 3).map(({ what, note }) => [what, note])).toEqual([
      ['request, attempt 1', 'other'],
      ['answer, attempt 1', '503, not passed on'],
      ['request, attempt 2', 'openai'],
    ])
  })

  it('names a silence of a second or more, and when it ended', () => {
    const slow = edited(clean, (x) => {
      for (const chunk of x.btp.chunks.slice(2)) chunk.ms += 4000
    })
    const silence = rows(slow).find(({ what }) => what === 'longest silence')
    expect(silence?.note).toMatch(/^4\.0 s until then$/)
    expect(rows(clean).some(({ what }) => what === 'longest silence')).toBe(false)
  })

  it('of what did not come says so, without a time', () => {
    const hung = edited(clean, (x) => {
      x.ptc = null
      x.attempt.btp = null
      x.unclosed()
    })
    expect(rows(hung)).toContainEqual({ what: 'end', readMs: null, writtenMs: null, note: 'open' })
    const refused = edited(clean, (x) => {
      x.attempts = []
    })
    expect(rows(refused)[0]).toMatchObject({ what: 'request', writtenMs: null, note: 'no backend was asked' })
  })
})
