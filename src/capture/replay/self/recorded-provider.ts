import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands in for every provider of a recording. */
export interface RecordedProvider {
  /** `http://127.0.0.1:PORT` */
  origin: string
  close(): Promise<void>
}

/** Hands each request, once it is whole, to who knows what was answered. */
export async function startRecordedProvider(
  answer: (response: ServerResponse) => Promise<void>,
): Promise<RecordedProvider> {
  const server = createServer({ noDelay: true, keepAlive: true, requestTimeout: 0 }, (request, response) => {
    // What was asked is what the proxy tells of it.
    request.resume()
    request.on('end', () => {
      answer(response).catch(() => response.destroy())
    })
    request.on('error', () => response.destroy())
  })
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
