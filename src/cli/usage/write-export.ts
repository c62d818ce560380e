import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const progressAfterMs = 1_000
const progressEveryMs = 200

/** Writes an export to a file, or to stdout; gives its size in words. Progress is shown on a terminal after a second. */
export async function writeExport(
  pieces: AsyncIterable<Uint8Array>,
  file: string | null,
  talk: NodeJS.WriteStream,
): Promise<string> {
  let bytes = 0
  const startedMs = Date.now()
  let shownMs = startedMs + progressAfterMs - progressEveryMs
  const shows = talk.isTTY === true && (file !== null || process.stdout.isTTY !== true)
  let shown = false
  const counting = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length
      const nowMs = Date.now()
      if (shows && nowMs - shownMs >= progressEveryMs) {
        shownMs = nowMs
        shown = true
        talk.write(
          `\r\u001b[Kexporting  ${sizeText(bytes)}  ${sizeText((bytes / (nowMs - startedMs)) * 1000)}/s`,
        )
      }
      done(null, piece)
    },
  })
  try {
    if (file === null) await pipeline(Readable.from(pieces), counting, process.stdout, { end: false })
    else await pipeline(Readable.from(pieces), counting, createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    // `| head` has seen enough.
    if (file !== null || (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  } finally {
    if (shown) talk.write('\r\u001b[K')
  }
  return sizeText(bytes)
}

function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
