/** Something that may be behind a difference, and by how much. */
export interface Candidate<Key> {
  key: Key
  /** What is usual; more than nothing. */
  expected: number
  /** What is possible at most. */
  most: number
}

/** Shares an amount out by what is usual, to none more than is possible; `left` is more than all of them can be. */
export function allocate<Key>(
  amount: number,
  candidates: readonly Candidate<Key>[],
): { shares: Map<Key, number>; left: number } {
  const shares = new Map<Key, number>()
  let left = amount
  let open = candidates.filter(({ expected, most }) => expected > 0 && most > 0)
  while (open.length > 0 && left > 0) {
    const usual = open.reduce((sum, { expected }) => sum + expected, 0)
    const part = left
    const full = open.filter(({ expected, most }) => part * (expected / usual) >= most)
    if (full.length === 0) {
      for (const { key, expected } of open) shares.set(key, part * (expected / usual))
      return { shares, left: 0 }
    }
    for (const { key, most } of full) {
      shares.set(key, most)
      left -= most
    }
    open = open.filter((candidate) => !full.includes(candidate))
  }
  return { shares, left: Math.max(0, left) }
}
