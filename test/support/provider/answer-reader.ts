/** Reads one HTTP/1.1 answer from raw bytes, in any pieces. Knows nothing but the framing. */
export class AnswerReader {
  head = ''
  status = 0
  headers: Record<string, string> = {}
  complete = false
  #buffered: Buffer = Buffer.alloc(0)
  readonly #body: Buffer[] = []
  /** Bytes still missing of the body or the current chunk; null: not known. */
  #left: number | null = null
  #chunked = false

  push(bytes: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, bytes])
    if (this.status === 0 && !this.#readHead()) return
    if (this.#chunked) while (this.#readChunk()) {}
    else this.#readPlain()
  }

  body(): Buffer {
    return Buffer.concat(this.#body)
  }

  /** The body in the pieces that its chunk framing has; without such a framing as they were read. */
  get pieces(): readonly Buffer[] {
    return this.#body.filter((piece) => piece.length > 0)
  }

  #readHead(): boolean {
    const end = this.#buffered.indexOf('\r\n\r\n')
    if (end < 0) return false
    this.head = this.#buffered.subarray(0, end).toString('latin1')
    this.#buffered = this.#buffered.subarray(end + 4)
    const [statusLine = '', ...lines] = this.head.split('\r\n')
    this.headers = {}
    for (const line of lines) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      const before = this.headers[name]
      this.headers[name] = before === undefined ? value : `${before}, ${value}`
    }
    const status = Number(statusLine.split(' ')[1])
    if (status < 200 && status !== 101) return this.#readHead()
    this.status = status
    this.#chunked = /chunked/i.test(this.headers['transfer-encoding'] ?? '')
    const length = this.headers['content-length']
    const bodiless = status === 204 || status === 304 || status === 101
    this.#left = bodiless ? 0 : length === undefined ? null : Number(length)
    return true
  }

  #readPlain(): void {
    const wanted = this.#left ?? this.#buffered.length
    const part = this.#buffered.subarray(0, wanted)
    this.#body.push(part)
    this.#buffered = this.#buffered.subarray(part.length)
    if (this.#left === null) return
    this.#left -= part.length
    this.complete = this.#left === 0
  }

  #readChunk(): boolean {
    const line = this.#buffered.indexOf('\r\n')
    if (line < 0 || this.complete) return false
    const size = Number.parseInt(this.#buffered.subarray(0, line).toString('latin1'), 16)
    const end = line + 2 + size + 2
    if (this.#buffered.length < end) return false
    this.#body.push(this.#buffered.subarray(line + 2, line + 2 + size))
    this.#buffered = this.#buffered.subarray(end)
    this.complete = size === 0
    return !this.complete
  }
}
