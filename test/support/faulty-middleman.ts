import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** An answer on its way to the client; `headers` in the order of the wire. */
export interface PassingAnswer {
  /** Of its request. */
  path: string
  status: number
  headers: [name: string, value: string][]
  body: string
}

export interface Middleman {
  url: string
  /** What it does to answers from now on. */
  spoil(edit: (answer: PassingAnswer) => PassingAnswer): void
  /** How many requests it has passed on. */
  readonly passed: number
  close(): Promise<void>
}

/** Stands in front of a proxy and passes everything on; answers only when they are whole, and as it is told to. */
export async function startMiddleman(proxyUrl: string): Promise<Middleman> {
  let edit = (answer: PassingAnswer) => answer
  let passed = 0
  const server = createServer((incoming, outgoing) => {
    passed++
    passOn(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const sent = await buffer(incoming)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { method = 'GET', headers } = incoming
      const out = request(`${proxyUrl}${incoming.url}`, { method, headers, agent: false }, resolve)
      out.on('error', reject)
      out.end(sent)
    })
    const body = (await buffer(answer)).toString()
    const headers: [string, string][] = []
    for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
      headers.push([answer.rawHeaders[at]!.toLowerCase(), answer.rawHeaders[at + 1]!])
    }
    const edited = edit({ path: incoming.url ?? '', status: answer.statusCode ?? 0, headers, body })
    const kept = edited.headers.filter(
      ([name]) => !/^(?:content-length|transfer-encoding|connection)$/.test(name),
    )
    outgoing.writeHead(edited.status, kept.flat())
    outgoing.end(edited.body)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get passed() {
      return passed
    },
    spoil(next) {
      edit = next
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
