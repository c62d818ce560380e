import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BookLine } from './books.ts'
import { Performance } from './performance.ts'
import type { ExchangePlan } from './plan.ts'
import { readCall } from './read-call.ts'

export interface BookedProvider {
  /** Of one backend: what its provider is asked under. */
  urlOf(backend: string): string
  /** One line for each attempt that came, in the order in which they ended. */
  books: readonly BookLine[]
  /** Resolves when the provider has said all that it says before it waits. */
  waits(exchange: string): Promise<void>
  /** Lets it go on. */
  goOn(exchange: string): void
  close(): Promise<void>
}

/**
 * All providers behind one door, which do what the plans say and write down what they did. Those that shut
 * connections without a word have a door of their own: on a connection that had served another exchange before, the
 * proxy would try the same once more.
 */
export async function startBookedProvider(all: readonly ExchangePlan[]): Promise<BookedProvider> {
  const plans = new Map(all.map((plan) => [plan.id, plan]))
  const books: BookLine[] = []
  const attempts = new Map<string, number>()
  const moments = new Map<string, Moments>()
  const momentsOf = (exchange: string) => {
    const known = moments.get(exchange) ?? new Moments()
    moments.set(exchange, known)
    return known
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = readCall(request.url ?? '', await bodyOf(request))
    const number = (attempts.get(call.exchange) ?? 0) + 1
    attempts.set(call.exchange, number)
    const plan = plans.get(call.exchange)
    const part = plan?.parts[number - 1]
    const answering = new Performance(call, number, response)
    if (!plan || part?.backend !== call.backend || part.model !== call.model) answering.turnAway()
    else await answering.play(plan, part, momentsOf(call.exchange))
    books.push(answering.line)
  }

  const doors = await Promise.all([openDoor(serve), openDoor(serve)])
  const [usual, shutting] = doors
  return {
    urlOf: (backend) => `${(backend.endsWith('.shuts') ? shutting : usual).url}/${backend}`,
    books,
    waits: (exchange) => momentsOf(exchange).reached,
    goOn: (exchange) => momentsOf(exchange).goOn(),
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
