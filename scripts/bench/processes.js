import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { spawnProxy } from '../../test/support/spawn-proxy.ts'

/** Starts `provider.js` or `relay.js`; with the processor time that it has used. */
export async function startChild(name, args = []) {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), args)
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`)))
  const [{ url }] = await Promise.race([once(child, 'message'), died])
  return {
    url,
    cpuMs() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
      return (Number(fields[11]) + Number(fields[12])) * 10
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

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
