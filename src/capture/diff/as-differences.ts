import type { Difference, DifferenceKind } from './difference.ts'
import type { JsonDifference } from './json-differences.ts'

/** More than anybody reads. */
export const mostDifferences = 1000

/** The first thousand; `finish` is an ending wherever it stands. */
export function asDifferences(found: Iterable<JsonDifference>, kind: DifferenceKind): Difference[] {
  const differences: Difference[] = []
  for (const each of found) {
    const isEnding = kind === 'message' && /\.(?:finish|stop_sequence)$/.test(each.path)
    differences.push({ ...each, kind: isEnding ? 'ending' : kind })
    if (differences.length === mostDifferences) break
  }
  return differences
}
