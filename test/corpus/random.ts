/** Chance that the same words always bring about again. */
export interface Random {
  /** Inclusive of both. */
  int(from: number, to: number): number
  pick<T>(list: readonly [T, ...T[]]): T
}

/** `LLMPROXY_CORPUS_SEED`, or what is given. Messages of failures name it, so that a run can be repeated. */
export function corpusSeed(otherwise: number): number {
  return Number(process.env.LLMPROXY_CORPUS_SEED ?? otherwise)
}

/** A generator that depends on nothing but these words: each exchange has its own, so that it can be rerun alone. */
export function randomFrom(...words: (string | number)[]): Random {
  let state = fnv1a(words.join(' '))
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return { int, pick: (list) => list[int(0, list.length - 1)] ?? list[0] }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
