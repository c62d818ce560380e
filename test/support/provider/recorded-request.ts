/** One request as a fake provider received it. Times are of `performance.now()`. */
export interface RecordedRequest {
  method: string
  /** The request target as it stood in the request line. */
  url: string
  /** In the order and spelling of the wire. */
  rawHeaders: [name: string, value: string][]
  /** By lower-case name; repeated ones joined by `, `. */
  headers: Record<string, string>
  /** Without chunk framing; content encodings are left alone. */
  body: Buffer
  /** When the last byte of the request was read. */
  receivedAtMs: number
  /** Which connection brought it, counted from 1. */
  connection: number
  /** Resolves when the client goes before the answer is complete; never, if it does not. */
  closed: Promise<{ atMs: number }>
  /** The same, for a look: null while the client is there. */
  closedAtMs: number | null
  /** Resolves when the provider is done with it, one way or the other. */
  done: Promise<void>
}

/** The body as JSON; throws when it is none. */
export function jsonBody<T = Record<string, unknown>>(request: RecordedRequest): T {
  return JSON.parse(request.body.toString()) as T
}
