import type { LegView } from './view.ts'

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
