import { Agent, type IncomingMessage, request } from 'node:http'

export interface StreamOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Keeps connections for reuse; default: each call has a connection of its own. */
  agent?: Agent
}

export interface StreamChunk {
  bytes: Buffer
  /** `performance.now()` when it was read. */
  atMs: number
}

export interface OpenStream {
  status: number
  headers: Record<string, string>
  /** In order, as read: who does not iterate does not read, so the sender feels it. Throws when cut. */
  chunks: AsyncIterable<StreamChunk>
  /** Everything that is left, as text. Throws when cut. */
  text(): Promise<string>
  /** Everything up to the end or the cut, and which of the two it was. */
  drain(): Promise<{ text: string; cut: boolean }>
  /** Destroys the connection, as a client that is killed does. */
  abort(): void
}

/** Sends a request (POST when there is a body) and resolves with the head of its answer. */
export function openStream(url: string, options: StreamOptions = {}): Promise<OpenStream> {
  const method = options.method ?? (options.body === undefined ? 'GET' : 'POST')
  const headers: Record<string, string> = {
    ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: options.agent ?? new Agent() }, (answer) =>
      resolve(opened(answer, () => sent.destroy())),
    )
    sent.setNoDelay(true)
    sent.on('error', reject)
    sent.end(options.body)
  })
}

function opened(answer: IncomingMessage, abort: () => void): OpenStream {
  const chunks = timed(answer)
  const drain = async () => {
    const parts: Buffer[] = []
    try {
      for await (const { bytes } of chunks) parts.push(bytes)
      return { text: Buffer.concat(parts).toString(), cut: false }
    } catch {
      return { text: Buffer.concat(parts).toString(), cut: true }
    }
  }
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value ?? '')]),
    ),
    chunks,
    async text() {
      const { text, cut } = await drain()
      if (cut) throw new Error(`the answer was cut after: ${text.slice(-200)}`)
      return text
    },
    drain,
    abort() {
      answer.on('error', () => {})
      abort()
    },
  }
}

async function* timed(answer: IncomingMessage): AsyncGenerator<StreamChunk> {
  for await (const bytes of answer) yield { bytes, atMs: performance.now() }
}
