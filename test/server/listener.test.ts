import { describe, expect, it, onTestFinished } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import { createListener } from '../../src/server/listener.ts'
import { rawRequest } from '../support/raw-client.ts'

async function listening(changes: Partial<Parameters<typeof createListener>[0]> = {}) {
  const refused: string[] = []
  const app = createListener({
    guard: () => {},
    admit: () => {},
    frontends: (request, response) => {
      let bytes = 0
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      request.on('end', () => response.end(`${request.method} ${request.url} ${bytes}`))
    },
    addRoutes: (to) => {
      to.get('/healthz', () => ({ status: 'ok' }))
    },
    nextId: () => 'x_id',
    redactText: (text) => text,
    onRefused: ({ code }) => refused.push(code),
    version: '1.2.3',
    ...changes,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  const address = app.server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, refused }
}

const request = (line: string, headers = '', body = '') =>
  `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n${body}`

describe('the listener', () => {
  it.each([
    'GET /v1/anything?q=%20x',
    'DELETE /v1/files/f',
    'PATCH /v1/x',
    'OPTIONS /v1/x',
    `GET /v1/models/${'m'.repeat(400)}`,
    'PROPFIND /v1/x',
  ])('gives %s to the frontends, its URL raw', async (line) => {
    const { port } = await listening()
    expect((await rawRequest(port, request(line))).text).toBe(`${line} 0`)
  })

  it.each(['application/json', 'text/plain', 'nonsense', 'multipart/form-data; boundary=x'])(
    'leaves a body of type %s to the frontends',
    async (type) => {
      const { port } = await listening()
      const headers = `Content-Type: ${type}\r\nContent-Length: 9\r\n`
      expect((await rawRequest(port, request('POST /v1/x', headers, '{"broken:'))).text).toBe('POST /v1/x 9')
    },
  )

  it('gives every header to the guard, however many stand before it', async () => {
    const seen: number[] = []
    const { port } = await listening({ guard: ({ rawHeaders }) => seen.push(rawHeaders.length / 2) })
    const many = Array.from({ length: 2500 }, (_, i) => `x-${i}: 1\r\n`).join('')
    expect((await rawRequest(port, request('GET /healthz', many))).status).toBe(200)
    expect(seen).toEqual([2502])
  })

  it('names its version on the answers of its own API', async () => {
    const { port } = await listening()
    expect((await rawRequest(port, request('GET /healthz'))).headers['x-llmproxy-version']).toBe('1.2.3')
    expect((await rawRequest(port, request('GET /x'))).headers).not.toHaveProperty('x-llmproxy-version')
  })
})

it('asks the guard before anything else', async () => {
  const asked: string[] = []
  const { port } = await listening({
    guard: () => {
      asked.push('guard')
      throw new ProxyError('host_refused', 'not this host')
    },
    admit: () => asked.push('admit'),
  })
  expect((await rawRequest(port, request('GET /%zz'))).status).toBe(403)
  expect((await rawRequest(port, request('GET /v1/x'))).status).toBe(403)
  expect(asked).toEqual(['guard', 'guard'])
})

describe('a request that is not let in', () => {
  const refusing = {
    admit: () => {
      throw new ProxyError('access_key_wrong', 'wrong key')
    },
  }

  it.each([
    ['POST /v1/messages', { type: 'error', error: { type: 'authentication_error' } }],
    ['POST /v1/chat/completions', { error: { code: 'access_key_wrong' } }],
    ['POST /v1beta/models/g:generateContent', { error: { code: 401, status: 'UNAUTHENTICATED' } }],
    ['GET /healthz', { error: { code: 'access_key_wrong' } }],
  ])('%s gets the error in its protocol’s shape', async (line, shape) => {
    const { port, refused } = await listening(refusing)
    const answer = await rawRequest(port, request(line))
    expect(answer.status).toBe(401)
    expect(answer.headers['x-llmproxy-exchange']).toBe('x_id')
    expect(JSON.parse(answer.text)).toMatchObject(shape)
    expect(refused).toEqual(['access_key_wrong'])
  })

  it('is answered before its body is read, and the connection ends', async () => {
    const { port } = await listening(refusing)
    const answer = await rawRequest(port, request('POST /v1/x', 'Content-Length: 1000000\r\n', 'x'))
    expect(answer.status).toBe(401)
    expect(answer.headers.connection).toBe('close')
  })

  it('has no body for HEAD', async () => {
    const { port } = await listening(refusing)
    expect((await rawRequest(port, request('HEAD /v1/x'))).status).toBe(401)
  })

  it('by a fault of ours is told nothing of it', async () => {
    const { port } = await listening({
      admit: () => {
        throw new Error('secret detail')
      },
    })
    const answer = await rawRequest(port, request('GET /v1/x'))
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('secret detail')
  })
})

it('refuses headers of more than 64 kB', async () => {
  const { port } = await listening()
  const answer = await rawRequest(port, request('GET /v1/x', `x-big: ${'x'.repeat(70_000)}\r\n`))
  expect(answer.status).toBe(431)
})
