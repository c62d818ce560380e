import { once } from 'node:events'
import { connect } from 'node:net'
import { AnswerReader } from './provider/answer-reader.ts'

export { type OpenStream, openStream, type StreamOptions } from './raw-client-stream.ts'

export interface RawAnswer {
  /** The status line and headers as they came, without the blank line; empty if no answer came. */
  head: string
  /** 0 if no answer came. */
  status: number
  /** By lower-case name; repeated ones joined by `, `. */
  headers: Record<string, string>
  /** Without the chunk framing. */
  body: Buffer
  text: string
  /** The body in the pieces that its chunk framing has. */
  pieces: readonly Buffer[]
  /** Whether the body came to its end by its own framing, rather than by a closed connection. */
  complete: boolean
}

export interface RawOptions {
  /** The bytes are written in these pieces, each as its own packet. */
  pieceBytes?: number
  timeoutMs?: number
}

/** Sends exactly these bytes to a port of 127.0.0.1 and reads one answer, or up to the close. */
export async function rawRequest(
  port: number,
  bytes: string | Uint8Array,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const reader = new AnswerReader()
  const done = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no whole answer in time; so far: ${reader.head}`)),
      options.timeoutMs ?? 10_000,
    )
    const finish = () => {
      clearTimeout(timer)
      resolve()
    }
    socket.on('data', (data: Buffer) => {
      reader.push(data)
      if (reader.complete) finish()
    })
    socket.on('close', finish)
    socket.on('error', finish)
  })
  await Promise.race([once(socket, 'connect'), done])
  try {
    await writePieces(socket, Buffer.from(bytes), options.pieceBytes)
    await done
  } finally {
    socket.destroy()
  }
  const body = reader.body()
  const { head, status, headers, complete, pieces } = reader
  return { head, status, headers, body, text: body.toString(), pieces, complete }
}

async function writePieces(
  socket: ReturnType<typeof connect>,
  bytes: Buffer,
  pieceBytes = Math.max(1, bytes.length),
): Promise<void> {
  for (let at = 0; at < bytes.length && socket.writable; at += pieceBytes) {
    socket.write(bytes.subarray(at, at + pieceBytes))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
