import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LiveSnapshot } from '../../../src/core/live-snapshot.ts'

export interface Tap {
  /** Where the proxy can be had as well. */
  url: string
  /** What it told there by `/internal/live`, the newest last. */
  told: readonly LiveSnapshot[]
  close(): Promise<void>
}

const kept = 40

/** Passes on what is asked of a proxy, and remembers what it told: the very answers that a picture was drawn from. */
export async function tapped(proxyUrl: string): Promise<Tap> {
  const told: LiveSnapshot[] = []
  const server = createServer(async (request, response) => {
    try {
      const answer = await fetch(proxyUrl + (request.url ?? ''))
      const text = await answer.text()
      if (request.url?.startsWith('/internal/live')) told.push(JSON.parse(text) as LiveSnapshot)
      if (told.length > kept) told.shift()
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
