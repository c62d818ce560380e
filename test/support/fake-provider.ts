import { createServer, type Server, type Socket } from 'node:net'
import { type KeepAlive, serveConnection } from './provider/connection.ts'
import type { RecordedRequest } from './provider/recorded-request.ts'
import { head, type Script, write } from './provider/steps.ts'

export * from './provider/anthropic.ts'
export * from './provider/chat.ts'
export * from './provider/encoded.ts'
export * from './provider/errors.ts'
export * from './provider/gemini.ts'
export { jsonBody, type RecordedRequest } from './provider/recorded-request.ts'
export * from './provider/responses.ts'
export * from './provider/steps.ts'

/** What to do with a request: always the same, or as the function says. */
export type Behaviour = Script | ((request: RecordedRequest) => Script | Promise<Script>)

export interface FakeProvider {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** The same: the origin of `url`. */
  origin: string
  port: number
  /** Every request received whole, in order. */
  requests: RecordedRequest[]
  /** How many connections were accepted so far. */
  readonly connections: number
  /** Connections that are open now. */
  readonly openConnections: number
  /** Requests on reused connections that `closeOnNextRequest` turned away; not in `requests`. */
  readonly refusedReuses: number
  keepAlive: KeepAlive
  /** The behaviour from now on. */
  answer(behaviour: Behaviour): void
  /** A behaviour for one request only, before the standing one; several are used in turn. */
  next(behaviour: Behaviour): void
  /** The n-th request, counted from 1, as soon as it has arrived. */
  received(number?: number): Promise<RecordedRequest>
  /** Ends all connections, answered or not, and the listener. */
  close(): Promise<void>
}

/** A provider on 127.0.0.1 that does as its script says; without one it answers 200 `{}`. */
export async function startFakeProvider(
  behaviour: Behaviour = [head(200, { 'content-type': 'application/json' }), write('{}')],
  keepAlive: KeepAlive = {},
): Promise<FakeProvider> {
  let standing = behaviour
  const queued: Behaviour[] = []
  const awaited: { number: number; resolve: (request: RecordedRequest) => void }[] = []
  const open = new Set<Socket>()
  let connections = 0
  let refusedReuses = 0

  const server = createServer((socket) => {
    connections++
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    serveConnection(socket, connections, {
      get keepAlive() {
        return provider.keepAlive
      },
      refusedReuse() {
        refusedReuses++
      },
      received(request) {
        provider.requests.push(request)
        for (const one of awaited) if (one.number === provider.requests.length) one.resolve(request)
        const chosen = queued.shift() ?? standing
        return typeof chosen === 'function' ? chosen(request) : chosen
      },
    })
  })
  const port = await listen(server)
  const provider: FakeProvider = {
    url: `http://127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    get connections() {
      return connections
    },
    get openConnections() {
      return open.size
    },
    get refusedReuses() {
      return refusedReuses
    },
    keepAlive,
    answer(next) {
      standing = next
    },
    next(once) {
      queued.push(once)
    },
    received(number = 1) {
      const there = provider.requests[number - 1]
      return there ? Promise.resolve(there) : new Promise((resolve) => awaited.push({ number, resolve }))
    },
    close: () => shut(server, open),
  }
  return provider
}

/** A port of 127.0.0.1 that refuses connections: it was free a moment ago. */
export async function refusedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await shut(server, new Set())
  return port
}

/** Accepts connections and never reads or writes a byte. */
export async function startBlackHole(): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => {})
  })
  const port = await listen(server)
  return { url: `http://127.0.0.1:${port}`, port, close: () => shut(server, open) }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', 4096, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

function shut(server: Server, open: Iterable<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of open) socket.destroy()
  })
}
