import type { Answering, CutManner, HeaderList, HeadOptions } from './answering.ts'
import { runAt } from './ticker.ts'

/** One thing that a provider does. A script is a list of them; at its end the answer is completed. */
export type Step = (answering: Answering) => void | Promise<void> | undefined
export type Script = readonly Step[]

/** The status line and headers. Without `content-length` the body is chunked. */
export function head(status: number, headers: HeaderList = {}, options: HeadOptions = {}): Step {
  return (answering) => answering.head(status, headers, options)
}

/** Body bytes, in one packet where the system can. */
export function write(bytes: string | Uint8Array): Step {
  return (answering) => answering.write(bytes)
}

/** Bytes as they are, past all framing: also instead of a head. */
export function raw(bytes: string | Uint8Array): Step {
  return (answering) => answering.raw(bytes)
}

/** Body bytes in pieces of `size`, one every `everyMs`; 0 is as fast as single packets go. */
export function drip(bytes: string | Uint8Array, options: { size?: number; everyMs?: number } = {}): Step {
  const all = Buffer.from(bytes)
  const size = options.size ?? 1
  const pieces: Buffer[] = []
  for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size))
  return paced(pieces, options.everyMs ?? 0)
}

/** Each of these by itself, one every `everyMs`, the first at once; late ones are caught up with. */
export function paced(pieces: Iterable<string | Uint8Array>, everyMs = 0): Step {
  return (answering) =>
    new Promise<void>((resolve) => {
      const rest = pieces[Symbol.iterator]()
      let dueMs = performance.now()
      const next = () => {
        const piece = answering.over ? undefined : rest.next()
        if (!piece || piece.done) return resolve()
        const blocked = answering.write(piece.value)
        dueMs += everyMs
        const again = () => (everyMs > 0 ? runAt(dueMs, next) : setImmediate(next))
        if (blocked) void blocked.then(again)
        else again()
      }
      next()
    })
}

/** Body text with a cut inside every character of more than one byte. */
export function splitUtf8(text: string): Step {
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  let from = 0
  for (let at = 1; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) >> 6 !== 0b10) continue
    pieces.push(bytes.subarray(from, at))
    from = at
  }
  pieces.push(bytes.subarray(from))
  return paced(pieces)
}

/** From the beginning of the script: the answer stops after so many body bytes, whatever writes them. */
export function cutAt(byte: number, manner: CutManner = 'close'): Step {
  return (answering) => answering.cutAt(byte, manner)
}

/** Completes the answer and keeps the connection. */
export function end(): Step {
  return (answering) => answering.end()
}

/** RST after what was written so far. */
export function reset(): Step {
  return (answering) => answering.cut('reset')
}

/** Closes the connection after what was written so far: as first step, without any answer. */
export function closeWithoutAnswer(): Step {
  return (answering) => answering.cut('close')
}

/** Says nothing more until the client goes. */
export function stall(): Step {
  return (answering) => answering.gone
}

/** Goes on when the promise resolves, or when the client goes. */
export function waitFor(promise: Promise<unknown>): Step {
  return (answering) => Promise.race([promise, answering.gone]).then(() => undefined)
}

export function delay(ms: number): Step {
  return (answering) =>
    Promise.race([new Promise<void>((resolve) => runAt(performance.now() + ms, resolve)), answering.gone])
}
