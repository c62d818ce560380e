import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Certificate } from './certificate.ts'

/** A company's outbound proxy as tests need it: it ends TLS and stands fakes in the place of hosts. */
export interface ConnectProxy {
  url: string
  /** `host:port` of every tunnel that was asked for, in order. */
  tunnels: string[]
  close(): Promise<void>
}

/** `ports`: by `host:port`, the loopback port of the plain HTTP server that stands for it. Others are 502. */
export async function startConnectProxy(
  certificate: Certificate,
  ports: ReadonlyMap<string, number>,
): Promise<ConnectProxy> {
  const tunnels: string[] = []
  const open = new Set<{ destroy(): unknown }>()
  const kept = <T extends Socket>(socket: T): T => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((_request, response) => {
    response.writeHead(501).end()
  })
  server.on('connection', kept)
  server.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url)
    const port = ports.get(url)
    if (port === undefined) return socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    const secure = kept(new TLSSocket(socket, { isServer: true, ...certificate }))
    const provider = kept(connect(port, '127.0.0.1'))
    secure.pipe(provider).pipe(secure)
    secure.once('close', () => provider.destroy())
    provider.once('close', () => secure.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
