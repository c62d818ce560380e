import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BookLine } from './books.ts'
import { Performance } from './performance.ts'
import type { ExchangePlan, Part } from './plan.ts'
import { type ReceivedCall, readCall } from './read-call.ts'

export interface BookedProvider {
  /** Of one backend: what its provider is asked under. */
  urlOf(backend: string): string
  /** Resolves when the provider has said all that it says before it waits. */
  waits(exchange: string): Promise<void>
  /** Lets it go on. */
  goOn(exchange: string): void
  /** Nothing more will be asked for this exchange. */
  forget(exchange: string): void
  close(): Promise<void>
}

export interface BookKeeping {
  /** What is to be done with the exchange's n-th call; undefined: nobody planned it. */
  partOf(call: ReceivedCall, number: number): { plan: ExchangePlan; part: Part } | undefined
  /** One line for each attempt that came, as it ends. */
  write(line: BookLine): void
}

/**
 * All providers behind one door, which do what the plans say and write down what they did. Those that shut
 * connections without a word have a door of their own: on a connection that had served another exchange before, the
 * proxy would try the same once more.
 */
export async function startBookedProvider({ partOf, write }: BookKeeping): Promise<BookedProvider> {
  const attempts = new Map<string, number>()
  const moments = new Map<string, Moments>()
  const momentsOf = (exchange: string) => {
    const known = moments.get(exchange) ?? new Moments()
    moments.set(exchange, known)
    return known
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!response.hasHeader('connection')) {
      // It is the proxy that closes what is idle: for as long as this a connection is sure to stay.
      response.setHeader('connection', 'keep-alive')
      response.setHeader('keep-alive', 'timeout=5')
    }
    // A probe of the address, which is no attempt.
    if (request.method !== 'POST') return void request.resume().once('end', () => response.end('{}'))
    const call = readCall(request.url ?? '', await bodyOf(request))
    const number = (attempts.get(call.exchange) ?? 0) + 1
    attempts.set(call.exchange, number)
    const planned = partOf(call, number)
    const answering = new Performance(call, number, response)
    if (planned?.part.backend !== call.backend || planned.part.model !== call.model) answering.turnAway()
    else await answering.play(planned.plan, planned.part, momentsOf(call.exchange))
    write(answering.line)
  }

  const serveOnce: typeof serve = (request, response) =>
    serve(request, response.setHeader('connection', 'close'))
  const doors = await Promise.all([openDoor(serve), openDoor(serveOnce)])
  const [usual, shutting] = doors
  return {
    urlOf: (backend) => `${(backend.endsWith('.shuts') ? shutting : usual).url}/${backend}`,
    waits: (exchange) => momentsOf(exchange).reached,
    goOn: (exchange) => momentsOf(exchange).goOn(),
    forget(exchange) {
      attempts.delete(exchange)
      moments.delete(exchange)
    },
    close: async () => void (await Promise.all(doors.map((door) => door.close()))),
  }
}

interface Door {
  url: string
  close(): Promise<void>
}

async function openDoor(
  serve: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Door> {
  const server = createServer((request, response) => void serve(request, response))
  // No idle connection is closed here: what is asked again was asked again for another reason.
  server.keepAliveTimeout = 600_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Where provider and client wait for each other. */
export class Moments {
  readonly reached: Promise<void>
  readonly mayGoOn: Promise<void>
  reach: () => void = () => {}
  goOn: () => void = () => {}

  constructor() {
    this.reached = new Promise((resolve) => {
      this.reach = resolve
    })
    this.mayGoOn = new Promise((resolve) => {
      this.goOn = resolve
    })
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
