import type { Difference } from './difference.ts'

const shownBytes = 80
const shownBefore = 20

/** Where two bodies are not the same bytes: the first place, with what stands around it. */
export function bodyDifference(before: Uint8Array, after: Uint8Array): Difference[] {
  if (Buffer.compare(before, after) === 0) return []
  const most = Math.min(before.length, after.length)
  let at = 0
  while (at < most && before[at] === after[at]) at++
  return [{ path: `body byte ${at}`, kind: 'body', before: around(before, at), after: around(after, at) }]
}

function around(body: Uint8Array, at: number): string {
  const from = Math.max(0, at - shownBefore)
  return Buffer.from(body.subarray(from, at + shownBytes)).toString('utf8')
}
