import type { Json } from '../../../core/json.ts'
import { type JsonDifference, jsonDifferences } from '../../diff/json-differences.ts'
import type { AskedRequest, ReadingParts } from './asked-request.ts'
import { type Recording, requestOf } from './recordings.ts'

export interface Nearest {
  recording: Recording
  /** The first place where it is not the same; null: the bodies are no JSON, or it is the same. */
  difference: JsonDifference | null
}

/** Each is read anew; a miss must not hold up the answers that are being given. */
const mostCompared = 16
const mostDifferences = 500

/** The recorded request that is most like this one; null without any of its kind. */
export function nearestTo(
  asked: AskedRequest,
  recordings: readonly Recording[],
  parts: Omit<ReadingParts, 'secrets'>,
): Nearest | null {
  const alike = recordings
    .map((recording) => ({ recording, request: requestOf(recording, parts) }))
    .filter(({ request }) => request.endpoint.name === asked.endpoint.name)
    .map(({ recording, request }) => ({ recording, request, apart: lengthApart(recording, asked) }))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, mostCompared)
  let best: { nearest: Nearest; count: number } | null = null
  for (const { recording, request } of alike) {
    const { first, count } = compared(request, asked)
    if (best === null || count < best.count) best = { nearest: { recording, difference: first }, count }
  }
  return best?.nearest ?? null
}

function lengthApart({ request }: Recording, asked: AskedRequest): number {
  return Math.abs(request.body.length - Buffer.byteLength(asked.neutral))
}

/** By what of them must be the same; where only other things differ, by these. */
function compared(
  recorded: AskedRequest,
  asked: AskedRequest,
): { first: JsonDifference | null; count: number } {
  const models: JsonDifference[] =
    recorded.model === asked.model
      ? []
      : [{ path: 'model', before: recorded.model ?? undefined, after: asked.model ?? undefined }]
  const sides: [Json | undefined | null, Json | undefined | null][] = [
    [recorded.same, asked.same],
    [recorded.json, asked.json],
  ]
  for (const [before, after] of sides) {
    const found = [
      ...models,
      ...first(jsonDifferences(before ?? undefined, after ?? undefined), mostDifferences),
    ]
    if (found.length > 0) return { first: found[0] ?? null, count: found.length }
  }
  return { first: null, count: recorded.neutral === asked.neutral ? 0 : mostDifferences }
}

function first<T>(all: Iterable<T>, most: number): T[] {
  const taken: T[] = []
  for (const one of all) {
    taken.push(one)
    if (taken.length === most) break
  }
  return taken
}
