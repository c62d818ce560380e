export interface ReadRequest {
  method: string
  url: string
  rawHeaders: [name: string, value: string][]
  headers: Record<string, string>
  body: Buffer
}

type Body = { left: number } | 'chunked'

/** Reads HTTP/1.1 requests from raw bytes, in any pieces, pipelined too. Trusts its sender. */
export class RequestReader {
  #pieces: Buffer[] = []
  #open: (Omit<ReadRequest, 'body'> & { framing: Body; parts: Buffer[] }) | undefined

  /** Every request that these bytes complete. */
  push(bytes: Buffer): ReadRequest[] {
    this.#pieces.push(bytes)
    const complete: ReadRequest[] = []
    for (let request = this.#read(); request; request = this.#read()) complete.push(request)
    return complete
  }

  /** A head has been read whose body is not whole yet, or a part of a head. */
  get midway(): boolean {
    return this.#open !== undefined || this.#pieces.some((piece) => piece.length > 0)
  }

  #read(): ReadRequest | undefined {
    this.#open ??= this.#readHead()
    const open = this.#open
    if (!open) return undefined
    if (
      !(open.framing === 'chunked' ? this.#readChunks(open.parts) : this.#readPlain(open.framing, open.parts))
    )
      return undefined
    this.#open = undefined
    const { method, url, rawHeaders, headers } = open
    return { method, url, rawHeaders, headers, body: Buffer.concat(open.parts) }
  }

  #readHead(): (Omit<ReadRequest, 'body'> & { framing: Body; parts: Buffer[] }) | undefined {
    const buffered = this.#joined()
    const end = buffered.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    this.#pieces = [buffered.subarray(end + 4)]
    const [requestLine = '', ...lines] = buffered.subarray(0, end).toString('latin1').split('\r\n')
    const [method = '', url = ''] = requestLine.split(' ')
    const rawHeaders = lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
    const headers: Record<string, string> = {}
    for (const [name, value] of rawHeaders) {
      const key = name.toLowerCase()
      headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`
    }
    const chunked = /chunked/i.test(headers['transfer-encoding'] ?? '')
    const framing: Body = chunked ? 'chunked' : { left: Number(headers['content-length'] ?? 0) }
    return { method, url, rawHeaders, headers, framing, parts: [] }
  }

  #readPlain(framing: { left: number }, parts: Buffer[]): boolean {
    while (framing.left > 0) {
      const piece = this.#pieces.shift()
      if (!piece) return false
      const part = piece.subarray(0, framing.left)
      parts.push(part)
      framing.left -= part.length
      if (part.length < piece.length) this.#pieces.unshift(piece.subarray(part.length))
    }
    return true
  }

  #readChunks(parts: Buffer[]): boolean {
    for (;;) {
      const buffered = this.#joined()
      const line = buffered.indexOf('\r\n')
      if (line < 0) return false
      const size = Number.parseInt(buffered.subarray(0, line).toString('latin1'), 16)
      const end = line + 2 + size + 2
      if (buffered.length < end) return false
      parts.push(buffered.subarray(line + 2, line + 2 + size))
      this.#pieces = [buffered.subarray(end)]
      if (size === 0) return true
    }
  }

  #joined(): Buffer {
    const joined = this.#pieces.length === 1 ? this.#pieces[0] : undefined
    const buffered = joined ?? Buffer.concat(this.#pieces)
    this.#pieces = [buffered]
    return buffered
  }
}
