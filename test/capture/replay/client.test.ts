import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AnswerListener, replayClient } from '../../../src/capture/replay/client.ts'
import type { ClientRequest } from '../../../src/capture/replay/client-request.ts'
import { head, paced, refusedPort, stall, startFakeProvider, write } from '../../support/fake-provider.ts'

const request: ClientRequest = {
  ...{ method: 'POST', path: '/v1/messages?a=b', headers: [['x-a', '1']] },
  body: Buffer.from('{"hello":1}'),
}

function listening() {
  const heard: { status: number | null; headers: Record<string, string>; chunks: string[] } = {
    ...{ status: null, headers: {}, chunks: [] },
  }
  const listener: AnswerListener = {
    head(status, headers) {
      heard.status = status
      heard.headers = Object.fromEntries(headers.map(([name, value]) => [name, value]))
    },
    data: (bytes) => heard.chunks.push(Buffer.from(bytes).toString()),
  }
  return { heard, listener }
}

async function server(answer: RequestListener) {
  const made = createServer(answer)
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    made.closeAllConnections()
    made.close()
  })
  return (made.address() as AddressInfo).port
}

describe('the client of a replay', () => {
  it('sends path, headers and body, the credential of the target, and asks for no encoding', async () => {
    const provider = await startFakeProvider([head(200, { 'x-b': '2' }), write('one')])
    onTestFinished(provider.close)
    const client = replayClient(`${provider.url}/base/`, [['x-llmproxy-key', 'lp_1']])
    const { heard, listener } = listening()
    expect(await client.send(request, listener)).toEqual({ why: 'eof' })
    expect(heard).toMatchObject({ status: 200, headers: { 'x-b': '2' }, chunks: ['one'] })
    expect(provider.requests[0]).toMatchObject({
      ...{ method: 'POST', url: '/base/v1/messages?a=b' },
      headers: {
        'x-a': '1',
        'x-llmproxy-key': 'lp_1',
        'accept-encoding': 'identity',
        'content-length': '11',
      },
    })
  })

  it('takes a redirect for an answer', async () => {
    const port = await server((_, response) => response.writeHead(307, { location: '/elsewhere' }).end())
    const { heard, listener } = listening()
    expect(await replayClient(`http://127.0.0.1:${port}`).send(request, listener)).toEqual({ why: 'eof' })
    expect(heard.status).toBe(307)
  })

  it('goes by no proxy of the environment', async () => {
    let connections = 0
    const trap = createTcp((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void trap.close())
    const provider = await startFakeProvider()
    onTestFinished(provider.close)
    const proxy = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`
    const before = { ...process.env }
    Object.assign(process.env, {
      http_proxy: proxy,
      HTTP_PROXY: proxy,
      ALL_PROXY: proxy,
      NODE_USE_ENV_PROXY: '1',
    })
    try {
      expect(await replayClient(provider.url).send(request, listening().listener)).toEqual({ why: 'eof' })
    } finally {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
        delete process.env[name]
        if (before[name] !== undefined) process.env[name] = before[name]
      }
    }
    expect([connections, provider.requests.length]).toEqual([0, 1])
  })

  it('finds localhost on this machine', async () => {
    const provider = await startFakeProvider()
    onTestFinished(provider.close)
    const client = replayClient(`http://localhost:${provider.port}`)
    expect(await client.send(request, listening().listener)).toEqual({ why: 'eof' })
  })

  it('gives chunks as they come, and leaves when it is told to', async () => {
    const provider = await startFakeProvider([head(200), paced(['a', 'b']), stall()])
    onTestFinished(provider.close)
    const leaving = new AbortController()
    const { heard, listener } = listening()
    const end = await replayClient(provider.url).send(
      request,
      {
        ...listener,
        data(bytes) {
          listener.data(bytes)
          if (heard.chunks.join('') === 'ab') leaving.abort()
        },
      },
      leaving.signal,
    )
    expect(end).toEqual({ why: 'abort_client' })
    await provider.requests[0]!.closed
  })

  it('says why there is no answer, whether nobody is there or the request cannot be sent', async () => {
    const { heard, listener } = listening()
    const nobody = replayClient(`http://127.0.0.1:${await refusedPort()}`)
    expect(await nobody.send(request, listener)).toMatchObject({
      why: 'error',
      error: { code: 'ECONNREFUSED' },
    })
    const provider = await startFakeProvider()
    onTestFinished(provider.close)
    const split: ClientRequest = { ...request, headers: [['x-a', 'b\r\nhost: evil.test']] }
    expect(await replayClient(provider.url).send(split, listener)).toMatchObject({ why: 'error' })
    expect(provider.requests).toEqual([])
    expect(heard.status).toBeNull()
  })
})
