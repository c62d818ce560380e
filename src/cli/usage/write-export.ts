import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ofFile } from '../failure.ts'

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
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length
      const nowMs = Date.now()
      if (shows && nowMs - shownMs >= progressEveryMs) {
        shownMs = nowMs
        shown = true
        talk.write(
          `\r\u001b[Kexporting  ${sizeText(bytes)}  ${sizeText((bytes / (nowMs - startedMs)) * 1000)}/s`,
        )
      }
      yield piece
    }
  }
  try {
    if (file === null) await pour(counted(), process.stdout)
    else await pipeline(Readable.from(counted()), createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    throw file === null ? error : ofFile(error, file)
  } finally {
    if (shown) talk.write('\r\u001b[K')
  }
  return sizeText(bytes)
}

/**
 * To a stream that outlives the export: unlike `pipeline` it leaves no listener behind. `| head` has seen enough: then
 * it stops.
 */
async function pour(pieces: AsyncIterable<Uint8Array>, stream: Writable): Promise<void> {
  const closed = new AbortController()
  const onError = (error: NodeJS.ErrnoException) => closed.abort(error)
  stream.once('error', onError)
  try {
    for await (const piece of pieces) {
      if (closed.signal.aborted) break
      if (!stream.write(piece) && !closed.signal.aborted)
        await once(stream, 'drain', { signal: closed.signal })
    }
    closed.signal.throwIfAborted()
  } catch (error) {
    const { aborted, reason } = closed.signal
    if (!aborted) throw error
    if (reason?.code !== 'EPIPE') throw reason
  } finally {
    stream.off('error', onError)
  }
}

function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
