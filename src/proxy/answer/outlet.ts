import type { ServerResponse } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import type { HeaderPairs } from '../../core/http.ts'

/** Sees what is written to a client, as it is written. */
export interface OutletWatch {
  head(status: number, headers: HeaderPairs): void
  wrote(bytes: Uint8Array): void
}

/** The client's side of an exchange: writes the answer, knows when the reader is behind and when it has gone. */
export class Outlet {
  private readonly response: ServerResponse
  private readonly clock: Clock
  private goneListeners: readonly (() => void)[] = []
  private blockedSinceNs: number | null = null
  private onDrained: (() => void) | undefined
  private finished = false
  private watch: OutletWatch | null = null
  /** We closed the connection within an answer. */
  wasCut = false
  /** Settles when the response is closed, whole or not. */
  readonly closed: Promise<void>
  /** How long the client made the backend wait. */
  blockedNs = 0
  bytesWritten = 0
  /** The client left before its answer was complete. */
  goneEarly = false
  status: number | null = null

  constructor(response: ServerResponse, clock: Clock) {
    this.response = response
    this.clock = clock
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        if (!this.finished) this.clientGone()
        resolve()
      })
    })
    response.on('error', () => {})
    response.on('drain', () => this.drained())
  }

  watchedBy(watch: OutletWatch): void {
    this.watch = watch
  }

  /** The client closed its connection before the answer was complete. */
  get gone(): boolean {
    return !this.finished && (this.response.destroyed || this.response.closed)
  }

  /** A status has gone out: it can no longer be changed. */
  get begun(): boolean {
    return this.status !== null
  }

  /** The client has not yet taken what was written. */
  get readerBehind(): boolean {
    return this.blockedSinceNs !== null
  }

  /** Calls back when the client goes away; returns how to take it back. */
  onGone(listener: () => void): () => void {
    this.goneListeners = [...this.goneListeners, listener]
    return () => {
      this.goneListeners = this.goneListeners.filter((other) => other !== listener)
    }
  }

  head(status: number, headers: HeaderPairs): void {
    if (this.begun || this.gone) return
    this.status = status
    if (this.response.getHeaderNames().length > 0) this.addHead(status, headers)
    else this.response.writeHead(status, flat(headers))
    this.watch?.head(status, headers)
  }

  /** To headers that were set before, which Node then wants one by one. */
  private addHead(status: number, headers: HeaderPairs): void {
    // What a browser's page may read is ours to say, where it was said.
    const forPage = this.response.hasHeader('access-control-allow-origin')
    for (const [name, values] of grouped(headers)) {
      if (!forPage || !name.startsWith('access-control-')) this.response.setHeader(name, values)
    }
    this.response.writeHead(status)
  }

  /** Sends the head at once, before there is a body. */
  flushHead(): void {
    if (!this.gone && !this.finished) this.response.flushHeaders()
  }

  /** False when the reader is behind: `onDrained` is then called once, when it has caught up. */
  write(bytes: Uint8Array, onDrained: () => void): boolean {
    if (this.gone || this.finished || bytes.length === 0) return true
    this.bytesWritten += bytes.length
    const isTaken = this.response.write(bytes)
    this.watch?.wrote(bytes)
    if (isTaken) return true
    this.onDrained = onDrained
    this.blockedSinceNs ??= this.clock.monotonicNs()
    return false
  }

  end(bytes?: Uint8Array): void {
    if (this.finished) return
    this.finished = true
    if (bytes && !this.response.destroyed) this.bytesWritten += bytes.length
    this.drained()
    this.response.end(bytes)
    if (bytes && bytes.length > 0) this.watch?.wrote(bytes)
  }

  /**
   * Closes the connection without the framing's own end, after what was written has gone out: a clean end
   * would tell two of the official SDKs that the answer is complete.
   */
  cut(last: Uint8Array): void {
    if (this.finished) return
    this.finished = true
    this.wasCut = true
    this.drained()
    const socket = this.response.socket
    if (!socket || this.response.destroyed) return
    if (last.length === 0) return void socket.destroySoon()
    this.bytesWritten += last.length
    this.response.write(last, () => socket.destroySoon())
    this.watch?.wrote(last)
  }

  private drained(): void {
    if (this.blockedSinceNs !== null) this.blockedNs += this.clock.monotonicNs() - this.blockedSinceNs
    this.blockedSinceNs = null
    const resume = this.onDrained
    this.onDrained = undefined
    resume?.()
  }

  private clientGone(): void {
    this.drained()
    for (const listener of this.goneListeners) listener()
    // A listener may still find that all had been written.
    this.goneEarly = !this.finished
  }
}

/** Name, value, name, value…: what costs Node least. */
function flat(headers: HeaderPairs): string[] {
  const all: string[] = []
  for (const [name, value] of headers) all.push(name, value)
  return all
}

/** Repeated names together, as Node's setHeader wants them. */
function grouped(headers: HeaderPairs): Map<string, string | string[]> {
  const groups = new Map<string, string | string[]>()
  for (const [name, value] of headers) {
    const before = groups.get(name)
    groups.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value])
  }
  return groups
}
