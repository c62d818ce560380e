import { printable } from '../../core/printable.ts'

export interface NamePair {
  from: string
  to: string
}

/** Cuts the two names of a rule to what a line has room for: the shorter one only where it takes more than half. */
export function fittedNames(pairs: readonly NamePair[], room: number): (pair: NamePair) => NamePair {
  const longest = (name: keyof NamePair) => Math.max(0, ...pairs.map((pair) => printable(pair[name]).length))
  const half = Math.max(12, Math.floor(room / 2))
  const from = Math.max(half, room - longest('to'))
  const to = Math.max(half, room - longest('from'))
  return (pair) => ({ from: printable(pair.from, from), to: printable(pair.to, to) })
}
