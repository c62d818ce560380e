import { writeExport } from '../../usage/write-export.ts'

/**
 * Writes text to a file or to stdout; gives its size in words. The first piece is waited for, so that what cannot be read
 * leaves no empty file behind.
 */
export async function writePieces(
  pieces: AsyncGenerator<string>,
  output: string | null,
  talk: NodeJS.WriteStream,
): Promise<string> {
  const first = await pieces.next()
  return writeExport(asBytes(first, pieces), output, talk)
}

async function* asBytes(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<Uint8Array> {
  if (first.done) return
  yield Buffer.from(first.value)
  for await (const piece of rest) yield Buffer.from(piece)
}
