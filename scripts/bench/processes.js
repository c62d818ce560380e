import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { spawnProxy } from '../../test/support/spawn-proxy.ts'

export { startChild } from '../../test/support/bench-child.ts'

/**
 * The built proxy in front of the provider, with everything at its default, or so configured. The captures of one that
 * captures are in its temporary folder.
 */
export function startProxy(providerUrl, { port, config = {} } = {}) {
  const backends = { openai: { api_url: `${providerUrl}/v1`, api_key: 'sk-bench-0000000000000000' } }
  return spawnProxy({ config: { backends, ...config }, ...(port === undefined ? {} : { port }) })
}

/** A program of `scripts` that ends by itself. Its last line is its numbers as JSON; its exit code says no more. */
export async function numbersOf(script) {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const printed = await text(child.stdout)
  return JSON.parse(printed.trimEnd().split('\n').at(-1))
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
