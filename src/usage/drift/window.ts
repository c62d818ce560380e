import type { Compared } from './comparison.ts'
import { type Estimate, estimateOf, type Weighed } from './estimate.ts'

/** So many exchanges are judged together. */
export const windowLength = 200

export interface Estimates {
  /** What is reported for a token of text at the least, and at the most. */
  toLeast: Estimate | null
  toMost: Estimate | null
  /** What is reported for each token more, whatever is added to every exchange alike. */
  slope: Estimate | null
}

type Measured = Pick<Compared, 'reported' | 'least' | 'most'>

const fieldsEach = 3
/** Some providers leave out the frames of messages: in a tiny prompt that is most of it. */
const framesLeftOut = 20

/** The last exchanges of one side of a model. */
export class Window {
  readonly #ring = new Float32Array(windowLength * fieldsEach)
  #next = 0
  size = 0

  add({ reported, least, most }: Measured): void {
    this.#ring.set([reported, least, most], this.#next * fieldsEach)
    this.#next = (this.#next + 1) % windowLength
    this.size = Math.min(this.size + 1, windowLength)
  }

  /** A look that costs a microsecond: false where estimates would hardly show the window to be outside. */
  mayBeOutside(low: number, high: number): boolean {
    const ring = this.#ring
    const end = this.size * fieldsEach
    // One by one: taken apart from a list, each of them would be a list of its own for every exchange that is looked at.
    let least = 0
    let most = 0
    let below = 0
    let above = 0
    for (let i = 0; i < end; i += fieldsEach) {
      const told = ring[i] as number
      const text = ring[i + 1] as number
      const size = ring[i + 2] as number
      least += text
      most += size
      if (told + framesLeftOut < low * text) below += text
      if (told > high * size) above += size
    }
    return above >= most / 2 || below >= least / 2 || this.#mayBeSteep(most / this.size, high)
  }

  /** By pairs as they came. Sizes that come in turns stand with their like, which tells nothing of a slope. */
  #mayBeSteep(usual: number, high: number): boolean {
    const ring = this.#ring
    const half = (this.size >> 1) * fieldsEach
    let apart = 0
    let steep = 0
    let spread = 0
    for (let i = 0; i < half; i += fieldsEach) {
      const size = ring[i + 2] as number
      const other = ring[i + half + 2] as number
      const further = other - size
      const more = (ring[i + half] as number) - (ring[i] as number)
      spread += Math.abs(size - usual) + Math.abs(other - usual)
      apart += Math.abs(further)
      if (more * Math.sign(further) > high * Math.abs(further)) steep += Math.abs(further)
    }
    return (apart > 0 && steep >= apart / 2) || apart < spread / 4
  }

  estimates(): Estimates {
    const all = Array.from({ length: this.size }, (_, i) => this.#at(i))
    return {
      toLeast: estimateOf(
        all.map(({ reported, least }) => ({ value: (reported + framesLeftOut) / least, weight: least })),
      ),
      toMost: estimateOf(all.map(({ reported, most }) => ({ value: reported / most, weight: most }))),
      slope: estimateOf(slopes(all)),
    }
  }

  #at(index: number): Measured {
    const from = index * fieldsEach
    const ring = this.#ring
    return { reported: ring[from] ?? 0, least: ring[from + 1] ?? 0, most: ring[from + 2] ?? 0 }
  }
}

/**
 * Each exchange stands in one pair, with one that is far from it in size: what a provider adds to every exchange alike
 * is in both, and so not in the slope. A pair counts when it is further apart than frames may be, and the more the
 * further. Between different kinds of exchange the frames may not have been used: then text is held against text.
 */
function slopes(all: Measured[]): Weighed[] {
  all.sort((a, b) => a.most - b.most)
  const half = all.length >> 1
  const pairs: Weighed[] = []
  for (let i = 0; i < half; i++) {
    const small = all[i]
    const large = all[all.length - half + i]
    if (!small || !large) continue
    const weight = apartBy(small, large)
    if (weight > 0) pairs.push({ value: (large.reported - small.reported) / weight, weight })
  }
  return pairs
}

function apartBy(small: Measured, large: Measured): number {
  const apart = Math.max(large.most - small.most, large.least - small.least)
  const frames = Math.max(large.most - large.least, small.most - small.least)
  return apart < frames ? 0 : apart
}
