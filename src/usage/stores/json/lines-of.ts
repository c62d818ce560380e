import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'

const newline = 0x0a

/**
 * Each line of a file with the offset of its beginning, in bytes; the last one though it may not be ended. Of one that
 * is no text nothing is given: two records with noise between them could be read as one.
 */
export async function* linesOf(path: string): AsyncGenerator<{ line: string; offset: number }> {
  const file = await open(path)
  try {
    // Of a line that is not at its end; it may be the whole file.
    let pieces: Buffer[] = []
    let offset = 0
    for await (const bytes of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
        const line = Buffer.concat([...pieces, bytes.subarray(from, end)])
        yield { line: textOf(line), offset }
        pieces = []
        offset += line.length + 1
        from = end + 1
      }
      if (from < bytes.length) pieces.push(bytes.subarray(from))
    }
    if (pieces.length > 0) yield { line: textOf(Buffer.concat(pieces)), offset }
  } finally {
    await file.close()
  }
}

function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : ''
}
