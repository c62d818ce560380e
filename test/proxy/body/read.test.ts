import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type BodyBudget, createBodyBudget } from '../../../src/proxy/body/budget.ts'
import { type HeldBody, readBody } from '../../../src/proxy/body/read.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const limits = { maxBytes: 1_000, silenceMs: 60_000 }

interface Reading {
  socket: Socket
  request: IncomingMessage
  response: ServerResponse
  clock: FakeClock
  budget: BodyBudget
  result: Promise<HeldBody>
  /** Writes body bytes and waits until they were read. */
  send(bytes: string | Buffer): Promise<void>
}

/** Sends the head of a POST and begins to read its body on the other side. */
async function reading(headers: string, budgetBytes = 10_000): Promise<Reading> {
  const clock = new FakeClock()
  const budget = createBodyBudget(() => budgetBytes)
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`)
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  const result = readBody(request, limits, budget, clock)
  result.catch(() => {})
  const send = async (bytes: string | Buffer) => {
    const read = once(request, 'data')
    socket.write(bytes)
    await read
  }
  return { socket, request, response, clock, budget, result, send }
}

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

describe('a request body', () => {
  it('is read whole, and its bytes are in the budget until it is let go', async () => {
    const { send, socket, budget, result } = await reading('Transfer-Encoding: chunked')
    await send(chunk('{"model"'))
    await send(chunk(':"m"}'))
    socket.write('0\r\n\r\n')
    const body = await result
    expect(body.bytes.toString()).toBe('{"model":"m"}')
    expect(body.wireBytes).toBe(13)
    expect(budget.usedBytes).toBe(13)
    body.release()
    expect(budget.usedBytes).toBe(0)
    body.release()
    expect(budget.usedBytes).toBe(0)
  })

  it('that is empty is read too', async () => {
    const { result } = await reading('Content-Length: 0')
    expect((await result).bytes).toHaveLength(0)
  })

  it('counts with its inflated size once it is inflated', async () => {
    const wire = gzipSync(Buffer.alloc(900))
    const { socket, budget, result } = await reading(
      `Content-Encoding: gzip\r\nContent-Length: ${wire.length}`,
    )
    socket.write(wire)
    const body = await result
    expect(body.bytes).toHaveLength(900)
    expect(body.wireBytes).toBe(wire.length)
    expect(budget.usedBytes).toBe(900)
    body.release()
    expect(budget.usedBytes).toBe(0)
  })
})

describe('the budget gets everything back when a body', () => {
  it('announces more than the limit, before a byte is read', async () => {
    const { result, budget } = await reading('Content-Length: 1001')
    await expect(result).rejects.toMatchObject({ code: 'body_too_large', status: 413 })
    expect(budget.usedBytes).toBe(0)
  })

  it('grows beyond the limit without an announcement', async () => {
    const { send, result, budget } = await reading('Transfer-Encoding: chunked')
    await send(chunk('x'.repeat(600)))
    expect(budget.usedBytes).toBe(600)
    await send(chunk('x'.repeat(600)))
    await expect(result).rejects.toMatchObject({ code: 'body_too_large' })
    expect(budget.usedBytes).toBe(0)
  })

  it('inflates beyond the limit', async () => {
    const wire = gzipSync(Buffer.alloc(100_000))
    const { socket, result, budget } = await reading(
      `Content-Encoding: gzip\r\nContent-Length: ${wire.length}`,
    )
    socket.write(wire)
    await expect(result).rejects.toMatchObject({ code: 'body_too_large' })
    expect(budget.usedBytes).toBe(0)
  })

  it('is not what its encoding promises', async () => {
    const { socket, result, budget } = await reading('Content-Encoding: gzip\r\nContent-Length: 5')
    socket.write('hello')
    await expect(result).rejects.toMatchObject({ code: 'bad_encoding' })
    expect(budget.usedBytes).toBe(0)
  })

  it('finds no room beside the others', async () => {
    const { socket, result, budget } = await reading('Content-Length: 500', 400)
    socket.write('x'.repeat(500))
    await expect(result).rejects.toMatchObject({ code: 'bodies_full', status: 503, retryAfterMs: 1_000 })
    expect(budget.usedBytes).toBe(0)
  })

  it('finds room on the wire but not inflated', async () => {
    const wire = gzipSync(Buffer.alloc(900))
    const { socket, result, budget } = await reading(
      `Content-Encoding: gzip\r\nContent-Length: ${wire.length}`,
      800,
    )
    socket.write(wire)
    await expect(result).rejects.toMatchObject({ code: 'bodies_full' })
    expect(budget.usedBytes).toBe(0)
  })

  it('is left by its client', async () => {
    const { send, socket, result, budget } = await reading('Content-Length: 500')
    await send('x'.repeat(100))
    socket.destroy()
    await expect(result).rejects.toMatchObject({ code: 'client_gone' })
    expect(budget.usedBytes).toBe(0)
  })

  it('falls silent', async () => {
    const { send, clock, result, budget } = await reading('Content-Length: 500')
    await send('x'.repeat(100))
    clock.advance(60_000)
    await expect(result).rejects.toMatchObject({ code: 'request_timeout', status: 408 })
    expect(budget.usedBytes).toBe(0)
    expect(clock.pending).toBe(0)
  })
})

describe('the silence', () => {
  it('is measured from the last byte: a slow body is not a silent one', async () => {
    const { send, clock, result, socket } = await reading('Content-Length: 4')
    for (let i = 0; i < 3; i++) {
      await send('x')
      clock.advance(59_000)
    }
    socket.write('x')
    expect((await result).bytes.toString()).toBe('xxxx')
    expect(clock.pending).toBe(0)
  })

  it('ends the body at its limit, not before', async () => {
    const { send, clock, result } = await reading('Content-Length: 4')
    clock.advance(30_000)
    await send('x')
    clock.advance(59_999)
    expect(clock.pending).toBe(1)
    clock.advance(1)
    await expect(result).rejects.toThrow('no more of the request body came for 60 s')
  })
})

it('reads and drops the rest of a refused body, so that the answer reaches a client that is writing', async () => {
  const { socket, request, response, result } = await reading('Content-Length: 5000000')
  await expect(result).rejects.toMatchObject({ code: 'body_too_large' })
  response.end('refused')
  const answered = once(socket, 'data')
  socket.write(Buffer.alloc(5_000_000))
  expect(String((await answered)[0])).toContain('refused')
  await once(request, 'close')
})

it('does not read the rest of a refused body for ever', async () => {
  const { clock, socket, response, result } = await reading('Content-Length: 5000000')
  await expect(result).rejects.toMatchObject({ code: 'body_too_large' })
  response.end('refused')
  await once(socket, 'data')
  socket.write('x')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  clock.advance(59_999)
  expect(clock.pending).toBe(1)
  clock.advance(1)
  await closed
})
