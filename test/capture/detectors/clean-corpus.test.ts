import { beforeAll, describe, expect, test } from 'vitest'
import { type Issue, severities } from '../../../src/capture/detectors/detector.ts'
import { detectors } from '../../../src/capture/detectors/index.ts'
import { issuesOf } from '../../support/a-capture.ts'
import { readCorpus } from '../../support/corpus.ts'
import { type CleanCapture, cleanCaptures } from './quality/clean-captures.ts'
import { isTrue, truths } from './quality/truths.ts'

interface Found {
  capture: CleanCapture
  issue: Issue
}

const corpus = readCorpus()
const found: Found[] = []

beforeAll(() => {
  for (const capture of cleanCaptures(corpus)) {
    for (const issue of issuesOf(detectors, capture.make())) found.push({ capture, issue })
  }
  // On a machine that is busy with other things.
}, 120_000)

const told = ({ capture, issue }: Found) =>
  `${issue.code} ${issue.severity} ${capture.id}: ${issue.description}`

describe.skipIf(corpus.length === 0)('of the recorded traffic, passed on without fault', () => {
  test('detectors warn of nothing but what is true of the recording itself', () => {
    const alarms = found.filter(
      ({ capture, issue }) =>
        severities.indexOf(issue.severity) >= severities.indexOf('warn') && !isTrue(issue.code, capture.id),
    )
    expect(alarms.map(told)).toEqual([])
  })

  test('none fails', () => {
    expect(found.filter(({ issue }) => issue.code === 'detector_failed').map(told)).toEqual([])
  })

  test('all that is called true of it is found', () => {
    const missed = truths.filter(
      (truth) => !found.some(({ capture, issue }) => issue.code === truth.code && truth.id.test(capture.id)),
    )
    expect(missed).toEqual([])
  })
})
