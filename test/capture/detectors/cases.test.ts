import { describe, expect, test } from 'vitest'
import { detectors } from '../../../src/capture/detectors/index.ts'
import { readCorpus } from '../../support/corpus.ts'
import { casesOf } from './all-cases.ts'
import { type CleanCapture, cleanCaptures } from './quality/clean-captures.ts'
import { halves } from './quality/halves.ts'
import { type Measured, measure, type Score } from './quality/measure.ts'

/**
 * Of every kind one that is short, but not among the shortest, of which some say what no provider does:
 * `npm run detectors` has all of them.
 */
function sample(all: readonly CleanCapture[]): CleanCapture[] {
  const kinds = new Map<string, CleanCapture[]>()
  for (const capture of all) {
    const [first] = capture.recorded
    if (!first || first.response.status >= 400 || first.misc !== null || first.anomaly !== null) continue
    const calls = first.features.includes('tool_calls')
    const kind = `${first.protocol} ${first.stream} ${calls && capture.recorded.length > 1}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), capture])
  }
  return [...kinds.values()].flatMap((kind) => {
    const sorted = kind.sort((a, b) => sizeOf(a) - sizeOf(b))
    const chosen = sorted[Math.floor(sorted.length / 8)]
    if (!chosen) return []
    const draft = chosen.make()
    return { ...chosen, make: () => draft }
  })
}

function sizeOf({ recorded }: CleanCapture): number {
  return recorded.reduce(
    (sum, { response, request }) => sum + response.body.length + (request ? 0 : 5_000),
    0,
  )
}

const captures = sample(cleanCaptures(readCorpus()))
const measured: Measured[] = []
for (const detector of detectors) {
  const cases = await casesOf(detector.code)
  if (cases) measured.push({ detector, cases })
}

describe.skipIf(captures.length === 0)('of a recorded exchange of every kind', () => {
  test.each(measured)('$detector.code finds what its mutations spoil, and only that', (one) => {
    const [row] = measure(captures, [one])
    const scores = halves.flatMap((half) => row?.scores[half] ?? [])
    const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0)
    const faults = scores.flatMap((score) => score.faults).join('\n')
    expect(
      sum((score) => score.mutated),
      'nothing to spoil',
    ).toBeGreaterThan(0)
    expect(sum((score) => score.found) / sum((score) => score.mutated), faults).toBeGreaterThanOrEqual(0.9)
    expect(
      sum((score) => score.falseNearMisses + score.falseClean),
      faults,
    ).toBe(0)
  })
})
