import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { type HeaderPairs, headerPairs } from '../core/http.ts'
import type { Pools } from './pools.ts'
import type { RequestBody } from './request-body.ts'
import { type Connection, onConnectionChosen } from './reused-connections.ts'

/** One HTTP request to a provider, as the wire has it. */
export interface Outgoing {
  /** Scheme, host and port. */
  origin: string
  /** Path and query, raw. */
  path: string
  method: string
  /** Name, value, name, value… */
  headers: string[]
  body: Uint8Array | RequestBody | Readable | null
}

/** What becomes of it. After `ended` or `failed` nothing more is called; nothing at all after an abort. */
export interface AnswerListener {
  /** A connection stands and the request is being written. */
  sent(): void
  /** `raw`: name, value, name, value… as on the wire. */
  head(status: number, headers: HeaderPairs, raw: readonly (string | Buffer)[]): void
  data(bytes: Buffer): void
  ended(): void
  failed(error: Error, circumstances: FailedSending): void
}

export interface FailedSending {
  /** A connection stood. */
  sent: boolean
  /** It had been idle and was closed before one byte of the answer: nothing was processed. */
  lostIdleConnection: boolean
}

export interface Sending {
  abort(): void
  pause(): void
  resume(): void
}

/**
 * Sends a request and streams its answer. No timers, no redirects, no decompression: who calls has these.
 * `fresh` asks for a connection that nothing used before.
 */
export function send(pools: Pools, outgoing: Outgoing, listener: AnswerListener, fresh = false): Sending {
  const call = new Call(listener)
  try {
    const dispatcher = fresh ? pools.freshConnection(outgoing.origin) : pools.dispatcherFor(outgoing.origin)
    dispatcher.dispatch(
      {
        origin: outgoing.origin,
        path: outgoing.path,
        method: outgoing.method as Dispatcher.HttpMethod,
        headers: outgoing.headers,
        body: outgoing.body as Dispatcher.DispatchOptions['body'] as Buffer | null,
      },
      call,
    )
  } catch (error) {
    call.onResponseError(undefined, error as Error)
  }
  return call
}

/** undici's handler for one request, and our handle on it. */
class Call implements Dispatcher.DispatchHandler, Sending {
  private readonly listener: AnswerListener
  private controller: Dispatcher.DispatchController | undefined
  /** Aborted or over: nothing more is to be heard or stopped. */
  private over = false
  private connection: Connection | undefined

  constructor(listener: AnswerListener) {
    this.listener = listener
  }

  abort(): void {
    if (this.over) return
    this.over = true
    this.controller?.abort(new Error('aborted'))
  }

  pause(): void {
    this.controller?.pause()
  }

  resume(): void {
    this.controller?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // An abort that came while the connection was still being made.
    if (this.over) {
      controller.abort(new Error('aborted'))
      return
    }
    this.controller = controller
    onConnectionChosen((connection) => {
      this.connection = connection
    })
    this.listener.sent()
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.over || status < 200) return
    const raw = (controller.rawHeaders ?? []) as (string | Buffer)[]
    this.listener.head(status, headerPairs(raw), raw)
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (!this.over) this.listener.data(bytes)
  }

  onResponseEnd(): void {
    if (this.over) return
    this.over = true
    this.listener.ended()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.over) return
    this.over = true
    this.listener.failed(error, {
      sent: this.controller !== undefined,
      lostIdleConnection: this.connection?.reused === true && !this.connection.hasAnswered(),
    })
  }
}
