import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { head, reset, whole, write } from '../support/fake-provider.ts'
import { AnswerReader } from '../support/provider/answer-reader.ts'
import { openStream } from '../support/raw-client.ts'
import { startScenario } from './scenario.ts'

const pinned = '/openai.a'

describe('a path that is not ours to read', () => {
  it('passes in both directions, byte for byte, and is recorded', async () => {
    const { a, post, watch } = await startScenario()
    const bytes = Buffer.from([0, 255, 123, 34, 10, 200])
    a.answer([head(200, { 'content-type': 'application/octet-stream', 'x-custom': 'kept' }), write(bytes)])
    const answer = await post(`${pinned}/v1/embeddings?a=%20`, bytes)
    expect(answer.headers).toMatchObject({ 'x-custom': 'kept', 'content-type': 'application/octet-stream' })
    const passed: Buffer[] = []
    for await (const chunk of answer.chunks) passed.push(chunk.bytes)
    expect(Buffer.concat(passed)).toEqual(bytes)
    const request = a.requests.at(-1)
    expect(request?.body).toEqual(bytes)
    expect(request?.url).toBe('/v1/embeddings?a=%20')
    expect(request?.headers.authorization).toBe('Bearer sk-key-of-openai.a')
    expect(await watch.closedExchange()).toMatchObject({
      callPurpose: 'embedding',
      outcome: 'complete',
      requestBytes: 6,
      answerBytes: 6,
      attempts: [{ model: null, backend: 'openai.a' }],
    })
  })

  it('keeps the encodings of both bodies', async () => {
    const { a, post } = await startScenario()
    a.answer(whole(200, 'answer', { encoding: 'gzip' }))
    const answer = await post(`${pinned}/v1/embeddings`, 'raw', {
      headers: { 'content-encoding': 'gzip', 'accept-encoding': 'gzip' },
    })
    expect(a.requests.at(-1)?.headers['content-encoding']).toBe('gzip')
    expect(answer.headers['content-encoding']).toBe('gzip')
  })

  it('is tried once', async () => {
    const { a, post } = await startScenario()
    a.answer([head(503, { 'retry-after': '1' }), write('later')])
    const answer = await post(`${pinned}/v1/embeddings`, '{}')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toBe('later')
    expect(a.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('that breaks off is cut for the client', async () => {
    const { a, post, watch } = await startScenario()
    a.answer([head(200), write('half'), reset()])
    expect(await (await post(`${pinned}/v1/embeddings`, '{}')).drain()).toEqual({ text: 'half', cut: true })
    expect((await watch.closedExchange()).outcome).toBe('incomplete')
  })
})

describe('with a provider key of ours', () => {
  it.each([
    ['GET', '/v1/files'],
    ['DELETE', '/v1/models/m'],
    ['POST', '/v1/fine_tuning/jobs'],
    ['GET', '/v1/embeddings'],
  ])('%s %s is not passed, and the error names the line to add', async (method, path) => {
    const { a, proxy } = await startScenario()
    const before = a.requests.length
    const answer = await openStream(`${proxy.url}${pinned}${path}`, { method })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('backends.openai.a.passthrough')
    expect(a.requests.length).toBe(before)
  })

  it('what the backend lists in passthrough is', async () => {
    const { a, proxy } = await startScenario({ backend: { passthrough: ['files/*'] } })
    a.answer(whole(200, { id: 'f' }))
    expect((await openStream(`${proxy.url}${pinned}/v1/files/f`)).status).toBe(200)
  })
})

describe('a body that is too large', () => {
  const small = { config: { max_body_mb: 1 } }

  it('is refused by its announcement', async () => {
    const { post } = await startScenario(small)
    const answer = await post(`${pinned}/v1/embeddings`, Buffer.alloc(1_000_001))
    expect(answer.status).toBe(413)
    expect(await answer.text()).toContain('max_body_mb')
  })
})

describe('a body that has not come to its end when the answer has', () => {
  const bodyBytes = 50_000_000

  /** A client that has sent little of its body, and its answer: the backend's time was up. */
  async function timedOut() {
    const { proxy, clock, a } = await startScenario({ backend: { timeouts: { headers_seconds: 1 } } })
    const socket = connect({ port: proxy.port, host: '127.0.0.1' })
    const reader = new AnswerReader()
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => {}).on('data', (data: Buffer) => reader.push(data))
    socket.write(
      `POST ${pinned}/v1/embeddings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${bodyBytes}\r\n\r\nx`,
    )
    await expect.poll(() => a.openConnections).toBe(1)
    await expect
      .poll(() => {
        clock.advance(1_000)
        return reader.complete
      })
      .toBe(true)
    expect(reader.status).toBe(504)
    return { socket, clock, closed }
  }

  it('is read on, so that a client which writes all before it reads is not stuck', async () => {
    const { socket } = await timedOut()
    await new Promise<void>((resolve, reject) => {
      socket.write(Buffer.alloc(bodyBytes - 1), (error) => (error ? reject(error) : resolve()))
    })
    socket.destroy()
  })

  it('does not keep its connection for ever', async () => {
    const { clock, closed } = await timedOut()
    clock.advance(60_000)
    await closed
  })
})
