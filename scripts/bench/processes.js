import { once } from 'node:events'
import { createServer } from 'node:net'
import { spawnProxy } from '../../test/support/spawn-proxy.ts'

export { startChild } from '../../test/support/bench-child.ts'

/** The built proxy in front of the provider, with everything at its default. */
export function startProxy(providerUrl, port) {
  const backends = { openai: { api_url: `${providerUrl}/v1`, api_key: 'sk-bench-0000000000000000' } }
  return spawnProxy({ config: { backends }, ...(port === undefined ? {} : { port }) })
}

/** A port of this machine that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
