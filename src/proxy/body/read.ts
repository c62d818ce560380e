import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import { rawHeaderValue } from '../../core/http.ts'
import type { BodyBudget } from './budget.ts'
import { decodeBody } from './content-encoding.ts'

export interface BodyLimits {
  maxBytes: number
  /** The longest silence while a body is being sent. */
  silenceMs: number
}

/** A request body in memory, and the way to let it go. */
export interface HeldBody {
  /** Empty once it was released. */
  bytes: Buffer
  /** What came over the wire, before inflating. */
  wireBytes: number
  release(): void
}

const released = Buffer.alloc(0)

/**
 * Reads a request body to its end and inflates it; `onChunk` sees it as it comes. Errors: `body_too_large` (before or after inflating),
 * `bodies_full`, `request_timeout`, `unsupported_encoding`, `bad_encoding`, `client_gone`.
 */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  budget: BodyBudget,
  clock: Clock,
  onChunk: (wire: Buffer) => void = () => {},
): Promise<HeldBody> {
  const taken = { bytes: 0 }
  const release = () => {
    budget.giveBack(taken.bytes)
    taken.bytes = 0
  }
  const take = (bytes: number) => {
    budget.take(bytes)
    taken.bytes += bytes
  }
  try {
    const announced = Number(rawHeaderValue(request.rawHeaders, 'content-length') ?? 0)
    if (announced > limits.maxBytes) throw tooLarge(limits.maxBytes)
    const wire = await collect(request, limits, take, clock, onChunk)
    const encoding = rawHeaderValue(request.rawHeaders, 'content-encoding')
    const bytes =
      encoding === undefined
        ? wire
        : await decodeBody(wire, encoding, limits.maxBytes, () => tooLarge(limits.maxBytes))
    if (bytes !== wire) {
      take(bytes.length)
      budget.giveBack(wire.length)
      taken.bytes -= wire.length
    }
    const held: HeldBody = {
      bytes,
      wireBytes: wire.length,
      release() {
        held.bytes = released
        release()
      },
    }
    return held
  } catch (error) {
    release()
    // After a timeout the answer itself ends the connection.
    if (!(error instanceof ProxyError && error.code === 'request_timeout')) dropRest(request, limits, clock)
    throw error
  }
}

/**
 * Reads what is left of a body that nobody wants and throws it away, so that the answer can still reach a client
 * that is writing; not for ever.
 */
export function dropRest(request: IncomingMessage, { silenceMs }: BodyLimits, clock: Clock): void {
  if (request.destroyed || request.complete) return
  request.unpipe()
  request.on('error', () => {}).resume()
  const timer = clock.after(silenceMs, () => request.destroy())
  request.once('end', () => timer.cancel()).once('close', () => timer.cancel())
}

function collect(
  request: IncomingMessage,
  limits: BodyLimits,
  take: (bytes: number) => void,
  clock: Clock,
  onChunk: (wire: Buffer) => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    let heardMs = clock.nowMs()
    let timer = clock.after(limits.silenceMs, onTimer)

    function onTimer(): void {
      const silentMs = clock.nowMs() - heardMs
      if (silentMs >= limits.silenceMs) {
        const seconds = Math.round(limits.silenceMs / 1000)
        return settle(new ProxyError('request_timeout', `no more of the request body came for ${seconds} s`))
      }
      timer = clock.after(limits.silenceMs - silentMs, onTimer)
    }
    function onData(chunk: Buffer): void {
      length += chunk.length
      heardMs = clock.nowMs()
      if (length > limits.maxBytes) return settle(tooLarge(limits.maxBytes))
      try {
        take(chunk.length)
      } catch (error) {
        return settle(error as Error)
      }
      chunks.push(chunk)
      onChunk(chunk)
    }
    function onGone(): void {
      settle(new ProxyError('client_gone', 'the client went away while it was sending its request'))
    }
    function settle(error?: Error): void {
      timer.cancel()
      request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone)
      if (!error) return resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length))
      request.on('error', () => {}).resume()
      reject(error)
    }
    const onEnd = () => settle()
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone)
  })
}

export function tooLarge(maxBytes: number): ProxyError {
  return new ProxyError(
    'body_too_large',
    `the request body is larger than ${maxBytes / 1e6} MB; max_body_mb sets the limit`,
  )
}
