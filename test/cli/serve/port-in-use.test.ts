import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listenFailure } from '../../../src/cli/serve/port-in-use.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listening(answer: RequestListener): Promise<number> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const coded = (code: string) => Object.assign(new Error(code), { code })

test('a port that another program has is named, with a free one to try', async () => {
  const port = await listening((_, response) => response.end('hello'))
  const failure = await listenFailure(coded('EADDRINUSE'), '127.0.0.1', port)
  expect(failure?.message).toBe(`port ${port} is in use by another program`)
  expect(failure?.tries).toEqual([`llmproxy serve --port ${port + 1}`])
  expect(failure?.exitCode).toBe(3)
})

test('a proxy of ours that has the port is told by its answer', async () => {
  const port = await listening((request, response) => {
    expect(request.url).toBe('/healthz')
    response.setHeader('x-llmproxy-version', '9.8.7').end('{"status":"ok"}')
  })
  const failure = await listenFailure(coded('EADDRINUSE'), '0.0.0.0', port)
  expect(failure?.message).toBe(`llmproxy already runs there: version 9.8.7 at http://127.0.0.1:${port}`)
  expect(failure?.tries[0]).toBe('llmproxy connect')
})

test.each([
  ['EACCES', 80, /port 80 is not open/],
  ['EADDRNOTAVAIL', 8000, /10\.1\.1\.1 is no address of this machine/],
])('%s is told with what to do', async (code, port, words) => {
  const failure = await listenFailure(coded(code), '10.1.1.1', port)
  expect(failure?.message).toMatch(words)
  expect(failure?.tries).not.toEqual([])
})

test('other errors are not explained away', async () => {
  expect(await listenFailure(coded('EMFILE'), '127.0.0.1', 8000)).toBeUndefined()
  expect(await listenFailure('text', '127.0.0.1', 8000)).toBeUndefined()
})
