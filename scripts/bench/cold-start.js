import { Connection, nextBody } from './client.js'
import { freePort, startProxy } from './processes.js'

const givesUpAfterMs = 20_000

/** Milliseconds from the start of the proxy's process to its first answer through the provider. */
export async function coldStartMs(providerUrl) {
  const port = await freePort()
  const startedMs = performance.now()
  const starting = startProxy(providerUrl, { port })
  await firstAnswer(`http://127.0.0.1:${port}`, startedMs)
  const tookMs = performance.now() - startedMs
  await (await starting).stop()
  return tookMs
}

async function firstAnswer(url, startedMs) {
  for (;;) {
    try {
      const connection = await Connection.open({ url }, 'whole')
      await connection.ask(nextBody())
      return connection.close()
    } catch (error) {
      if (error.code !== 'ECONNREFUSED' || performance.now() - startedMs > givesUpAfterMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}
