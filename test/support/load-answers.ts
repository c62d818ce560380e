import { createGzip } from 'node:zlib'
import type { Answering } from './provider/answering.ts'
import { streamHead } from './provider/encoded.ts'
import { paced, type Script, type Step } from './provider/steps.ts'
import { sseBlock } from './sse-text.ts'

/** The frame of a paced stream: its number, and when it was sent on the clock that all processes share. */
function stampedFrame(number: number, sentUs: number): string {
  return chunk({ content: `${number}@${sentUs} ` })
}

/** Microseconds of the machine's monotonic clock, which is the same in every process. */
export function sharedClockUs(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

/** `frames` stamped ones, one every `everyMs`, then the end of an openai-chat stream. */
export function pacedStream(frames: number, everyMs: number): Script {
  function* pieces() {
    for (let number = 0; number < frames; number++) yield stampedFrame(number, sharedClockUs())
    yield chatEnd
  }
  return [streamHead(), paced(pieces(), everyMs)]
}

const chatEnd = `${chunk({}, 'stop')}data: [DONE]\n\n`
const usageChunk = sseBlock({ ...envelope(), choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } })
const bulkFrameBytes = 16_000

/** The bytes of a stream of at least `bytes`, as its client must get them; the usage chunk only for who asked. */
export function* bulkPieces(bytes: number, withUsage: boolean): Generator<string> {
  let sent = 0
  for (let number = 0; sent < bytes; number++) {
    // Numbered all through, so that a piece that is lost, doubled or moved shows in the sum of all bytes.
    const content = `${number} `.repeat(bulkFrameBytes / `${number} `.length)
    const frame = chunk({ content })
    sent += frame.length
    yield frame
  }
  yield chunk({}, 'stop')
  if (withUsage) yield usageChunk
  yield 'data: [DONE]\n\n'
}

/** The same as an answer, as fast as the client takes it. */
export function bulkStream(bytes: number, withUsage: boolean, encoding: 'identity' | 'gzip'): Script {
  const pieces = bulkPieces(bytes, withUsage)
  if (encoding === 'identity') return [streamHead(), paced(pieces)]
  return [streamHead({ 'content-encoding': 'gzip' }), gzipped(pieces)]
}

function gzipped(pieces: Iterable<string>): Step {
  return async (answering: Answering) => {
    const gzip = createGzip({ level: 1 })
    const written = (async () => {
      for await (const bytes of gzip) await answering.write(bytes as Buffer)
    })()
    for (const piece of pieces) {
      if (answering.over) break
      if (!gzip.write(piece)) await new Promise((resolve) => gzip.once('drain', resolve))
    }
    gzip.end()
    await written
  }
}

function envelope() {
  return { id: 'chatcmpl-load', object: 'chat.completion.chunk', created: 1_767_614_400, model: 'load' }
}

function chunk(delta: object, finish: string | null = null): string {
  return sseBlock({ ...envelope(), choices: [{ index: 0, delta, finish_reason: finish }] })
}
