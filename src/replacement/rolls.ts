/** Numbers from 0 up to, and not, 1. */
export type Roll = () => number

/** Reproducible rolls: the same seed gives the same numbers (mulberry32, T. Ettinger, public domain). */
export function seededRolls(seed: number): Roll {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function rollsOf(seed: number | null): Roll {
  return seed === null ? Math.random : seededRolls(seed)
}
