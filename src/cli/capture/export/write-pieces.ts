import { printableLines } from '../../../core/printable.ts'
import { writeExport } from '../../usage/write-export.ts'

/**
 * Writes text to a file or to stdout; gives its size in words. The first piece is waited for, so that what cannot be read
 * leaves no empty file behind. Files and pipes get the text as it is; a terminal nothing that it would obey.
 */
export async function writePieces(
  pieces: AsyncGenerator<string>,
  output: string | null,
  talk: NodeJS.WriteStream,
): Promise<string> {
  const first = await pieces.next()
  const isShown = output === null && process.stdout.isTTY === true
  return writeExport(asBytes(first, pieces, isShown ? printableLines : (text) => text), output, talk)
}

async function* asBytes(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
  shown: (text: string) => string,
): AsyncGenerator<Uint8Array> {
  if (first.done) return
  yield Buffer.from(shown(first.value))
  for await (const piece of rest) yield Buffer.from(shown(piece))
}
