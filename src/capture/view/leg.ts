import type { BodyChunks } from './body-chunks.ts'
import type { Chunk, LegView } from './view.ts'

/** What a leg is made of; its joined body follows from the chunks. */
export type LegParts = Omit<LegView, 'body'>

/** A leg whose chunks are joined when first asked for. */
export function legView(parts: LegParts): LegView {
  let joined: Uint8Array | undefined
  return {
    ...parts,
    body() {
      joined ??= join(parts)
      return joined
    },
  }
}

function join({ chunks }: LegParts): Uint8Array {
  const [only, second] = chunks
  // No second copy of what came in one piece.
  if (only && !second) return only.bytes
  return Buffer.concat(chunks.map(({ bytes }) => bytes))
}

/** Bytes of a leg's body, which need not be joined for it. */
export function bodyLength(leg: LegView): number {
  return leg instanceof JoinedLeg ? leg.length : leg.body().length
}

/** What can be made again of a leg that has been looked at takes no more memory. */
export function settle(leg: LegView): void {
  if (leg instanceof JoinedLeg) leg.settle()
}

/** A leg with a body that is joined already. A copy of its members has neither chunks nor a body. */
export class JoinedLeg implements LegView {
  leg: LegView['leg']
  attempt: number | null
  method: string | null = null
  url: string | null = null
  status: number | null = null
  headers: LegView['headers'] = []
  headAtNs: number | null = null
  headEntry: number | null = null
  end: LegView['end'] = null
  missing = 0
  readonly #body: BodyChunks

  constructor(leg: LegView['leg'], attempt: number | null, body: BodyChunks) {
    this.leg = leg
    this.attempt = attempt
    this.#body = body
  }

  get chunks(): readonly Chunk[] {
    return this.#body.chunks()
  }

  get length(): number {
    return this.#body.isForgotten ? 0 : this.#body.length
  }

  body(): Uint8Array {
    return this.#body.body()
  }

  settle(): void {
    this.#body.settle()
  }
}
