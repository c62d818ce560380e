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

  body(): Uint8Array {
    return this.#body.body()
  }
}
