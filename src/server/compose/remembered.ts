import type { Clock } from '../../core/clock.ts'

/** An answer is given again for so many times as long as it took: asking costs a tenth of a thread at most. */
const restPerReckoning = 10
const mostKept = 100

/** The same question asked again soon, or meanwhile, gets the same answer. Failures are not remembered. */
export function remembered<Answer>(
  clock: Pick<Clock, 'monotonicNs'>,
  reckon: (query: URLSearchParams, only: string | null) => Promise<Answer>,
): (query: URLSearchParams, only: string | null) => Promise<Answer> {
  const kept = new Map<string, { answer: Promise<Answer>; untilNs: number }>()
  return (query, only) => {
    const key = JSON.stringify([only, [...query]])
    const startedNs = clock.monotonicNs()
    const known = kept.get(key)
    if (known && known.untilNs > startedNs) return known.answer
    const entry = { answer: reckon(query, only), untilNs: Number.POSITIVE_INFINITY }
    kept.delete(key)
    kept.set(key, entry)
    if (kept.size > mostKept) kept.delete(kept.keys().next().value as string)
    entry.answer.then(
      () => {
        const nowNs = clock.monotonicNs()
        entry.untilNs = nowNs + (nowNs - startedNs) * restPerReckoning
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key)
      },
    )
    return entry.answer
  }
}
