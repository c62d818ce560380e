import { describe, expect, test } from 'vitest'
import type { Detector, Finding } from '../../../src/capture/detectors/detector.ts'
import { createRunner } from '../../../src/capture/detectors/runner.ts'
import type { CaptureGap } from '../../../src/capture/view/view.ts'
import { ExchangeWindow } from '../../../src/capture/view/window.ts'
import { aCapture, issuesOf, viewsOf } from '../../support/a-capture.ts'

const finding: Finding = {
  severity: 'warn',
  fault: 'backend',
  description: 'It broke.',
  evidence: {},
  hint: 'Mend it.',
}

function detector(code: string, findings: Partial<Finding>[], more: Partial<Detector> = {}): Detector {
  return {
    ...{ code, severity: 'error', summary: 'It breaks sometimes' },
    find: () => findings.map((each) => ({ ...finding, ...each })),
    ...more,
  }
}

const one = aCapture()
const { around } = new ExchangeWindow()

describe('an issue', () => {
  test('says of which exchange, session and file it is, and what the finding left out', () => {
    expect(issuesOf(detector('broken', [{}]), one)).toEqual([
      {
        ...{ code: 'broken', type: 'broken', exchange: 'x_1', session: 's_1', file: 'test.cbor' },
        ...{
          severity: 'warn',
          fault: 'backend',
          confidence: 1,
          description: 'It broke.',
          evidence: {},
          hint: 'Mend it.',
        },
        ...{ leg: null, attempt: null, entry: null, offset: null, atNs: null, count: 1 },
      },
    ])
  })

  test('has the original type where the original had one', () => {
    expect(issuesOf(detector('stalled', [{}], { legacyType: 'slow_response' }), one)).toMatchObject([
      { code: 'stalled', type: 'slow_response' },
    ])
  })

  test('is one for all that a detector found in an exchange: the worst, and how often', () => {
    const found = detector('broken', [
      { severity: 'note', offset: 1 },
      { severity: 'error', offset: 2, count: 3 },
      { severity: 'error', offset: 3 },
      { severity: 'warn', offset: 4 },
    ])
    expect(issuesOf(found, one)).toMatchObject([{ severity: 'error', offset: 2, count: 6 }])
    const two = aCapture([{}, {}])
    expect(issuesOf(found, two).map(({ exchange }) => exchange)).toEqual(['x_1', 'x_2'])
  })

  test('has evidence of few words, whatever a detector puts in', () => {
    const evidence = {
      text: 'x'.repeat(5_000),
      list: Array.from({ length: 99 }, () => 'y'.repeat(999)),
      deep: { a: { b: { c: { d: 1 } } } },
    }
    const [issue] = issuesOf(detector('broken', [{ evidence }]), one)
    expect(issue?.evidence.text).toBe(`${'x'.repeat(299)}…`)
    expect(JSON.stringify(issue?.evidence).length).toBeLessThan(8_000)
    expect(issue?.evidence.deep).toEqual({ a: { b: { c: '…' } } })
  })
})

describe('a detector that throws', () => {
  const broken = detector('broken', [], {
    *find() {
      yield { ...finding, description: 'Before it threw.' }
      throw new TypeError('no such thing')
    },
  })

  test('is told once, as a note, with what it had found, and is left out from then on', () => {
    const issues = issuesOf([broken, detector('other', [{}])], aCapture([{}, {}]))
    expect(issues.map(({ code, exchange }) => [code, exchange])).toEqual([
      ['detector_failed', 'x_1'],
      ['broken', 'x_1'],
      ['other', 'x_1'],
      ['other', 'x_2'],
    ])
    expect(issues[0]).toMatchObject({
      severity: 'note',
      fault: null,
      evidence: { detector: 'broken', error: 'no such thing' },
    })
  })
})

describe('which issues', () => {
  const all = [
    detector('a', [{ severity: 'info' }]),
    detector('b', [{ severity: 'warn' }]),
    detector('c', [{ severity: 'error' }]),
  ]
  const codes = (settings: object) => {
    const runner = createRunner({ detectors: all, around, ...settings })
    return runner.exchange(viewsOf(one)[0]!).map(({ code }) => code)
  }

  test('are only those asked for, without those that are skipped, and of a least severity', () => {
    expect(codes({})).toEqual(['a', 'b', 'c'])
    expect(codes({ only: ['a', 'c'] })).toEqual(['a', 'c'])
    expect(codes({ skip: ['a'] })).toEqual(['b', 'c'])
    expect(codes({ only: ['a', 'b'], skip: ['b'] })).toEqual(['a'])
    expect(codes({ minSeverity: 'warn' })).toEqual(['b', 'c'])
    expect(codes({ minSeverity: 'error' })).toEqual(['c'])
  })

  test('of a gap are those of the detectors that look at gaps', () => {
    const gap: CaptureGap = {
      ...{ file: 'f.cbor', kind: 'loss', offset: 1, bytes: 2, records: 3, atNs: 4, why: 'full' },
      exchanges: ['x_7'],
    }
    const looking = detector('gap', [], { findGap: ({ records }) => [{ ...finding, count: records }] })
    const runner = createRunner({ detectors: [looking, ...all], around })
    expect(runner.gap(gap)).toMatchObject([{ code: 'gap', exchange: 'x_7', file: 'f.cbor', count: 3 }])
    expect(runner.gap({ ...gap, exchanges: ['a', 'b'] })).toMatchObject([{ exchange: null }])
  })
})
