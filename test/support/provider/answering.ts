import type { Socket } from 'node:net'
import type { RecordedRequest } from './recorded-request.ts'

export type HeaderList = Record<string, string | readonly string[]> | readonly (readonly [string, string])[]

/** How a cut looks to the client: `close` without the end of the framing, `reset` (RST), or a `clean` end too early. */
export type CutManner = 'close' | 'reset' | 'clean'

export interface HeadOptions {
  /** The words after the status. */
  reason?: string
  /** No chunks and no length: the body ends with the connection. */
  untilClose?: boolean
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
}

/** One answer being written: what the steps of a script act on. */
export class Answering {
  readonly request: RecordedRequest
  readonly socket: Socket
  /** Resolves when the connection is gone, whoever ended it. */
  readonly gone: Promise<void>
  /** Nothing more can be written: complete, cut, or the client is gone. */
  over = false
  /** How this side ended it; null: not yet, or the client went first. */
  ended: 'complete' | 'cut' | null = null
  /** The connection serves no further request. */
  lastOfConnection = false
  #bodyBytes = 0
  #cut: { atByte: number; manner: CutManner } | undefined
  #framing: 'unsent' | 'chunked' | 'plain' | 'bodiless' = 'unsent'

  constructor(request: RecordedRequest, socket: Socket, gone: Promise<void>) {
    this.request = request
    this.socket = socket
    this.gone = gone
  }

  /** The connection is gone: whatever comes now is not written. */
  clientGone(): void {
    this.over = true
  }

  head(status: number, headers: HeaderList = {}, options: HeadOptions = {}): void {
    if (this.over) return
    const pairs = pairsOf(headers)
    const has = (name: string) => pairs.some(([key]) => key.toLowerCase() === name)
    const bodiless = this.request.method === 'HEAD' || status === 204 || status === 304
    if (options.untilClose) {
      pairs.push(['Connection', 'close'])
      this.lastOfConnection = true
    } else if (!bodiless && !has('content-length') && !has('transfer-encoding')) {
      pairs.push(['Transfer-Encoding', 'chunked'])
    }
    this.#framing = bodiless ? 'bodiless' : has('content-length') || options.untilClose ? 'plain' : 'chunked'
    if (pairs.some(([key, value]) => key.toLowerCase() === 'connection' && value.toLowerCase() === 'close'))
      this.lastOfConnection = true
    const lines = pairs.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    this.socket.write(
      `HTTP/1.1 ${status} ${options.reason ?? reasons[status] ?? 'Status'}\r\n${lines}\r\n`,
      'latin1',
    )
  }

  /** Writes body bytes. The promise, where there is one, resolves when the socket takes more. */
  write(bytes: string | Uint8Array): Promise<void> | undefined {
    if (this.over || this.#framing === 'bodiless') return undefined
    if (this.#framing === 'unsent') this.head(200)
    let body = Buffer.from(bytes)
    const cut = this.#cut
    const cutsHere = cut !== undefined && this.#bodyBytes + body.length >= cut.atByte
    if (cutsHere) body = body.subarray(0, cut.atByte - this.#bodyBytes)
    this.#bodyBytes += body.length
    const flowing = body.length === 0 || this.#send(body)
    if (cutsHere) this.cut(cut.manner)
    else if (!flowing) return this.drained()
    return undefined
  }

  /** Bytes as they are, past all framing. */
  raw(bytes: string | Uint8Array): void {
    if (this.over) return
    if (this.#framing === 'unsent') this.#framing = 'bodiless'
    this.socket.write(Buffer.from(bytes))
  }

  /** Arranges the cut after so many body bytes. */
  cutAt(atByte: number, manner: CutManner): void {
    this.#cut = { atByte, manner }
  }

  cut(manner: CutManner): void {
    if (manner === 'clean' && this.#framing === 'chunked') {
      this.end()
      return
    }
    this.over = true
    this.ended = 'cut'
    this.lastOfConnection = true
    if (manner === 'reset') this.socket.write('', () => this.socket.resetAndDestroy())
    else this.socket.destroySoon()
  }

  end(): void {
    if (this.over) return
    if (this.#framing === 'unsent') this.head(200)
    if (this.#framing === 'chunked') this.socket.write('0\r\n\r\n')
    this.over = true
    this.ended = 'complete'
    if (this.lastOfConnection) this.socket.destroySoon()
  }

  /** Resolves when the socket takes more or is gone. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.socket.off('drain', go)
        this.socket.off('close', go)
        resolve()
      }
      this.socket.on('drain', go)
      this.socket.on('close', go)
    })
  }

  #send(body: Buffer): boolean {
    if (this.#framing !== 'chunked') return this.socket.write(body)
    const size = Buffer.from(`${body.length.toString(16)}\r\n`)
    return this.socket.write(Buffer.concat([size, body, Buffer.from('\r\n')]))
  }
}

function pairsOf(headers: HeaderList): [string, string][] {
  if (Array.isArray(headers)) return headers.map(([name, value]) => [name, value])
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : [...value]).map((one): [string, string] => [name, one]),
  )
}
