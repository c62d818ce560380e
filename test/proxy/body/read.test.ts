import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type BodyBudget, createBodyBudget } from '../../../src/proxy/body/budget.ts'
import { type HeldBody, readBody } from '../../../src/proxy/body/read.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const limits = { maxBytes: 1_000, silenceMs: 60_000 }

interface Reading {
  socket: Socket
  clock: FakeClock
  budget: BodyBudget
  result: Promise<HeldBody>
  /** Resolves when so many body bytes have been counted. */
  counted: (bytes: number) => Promise<void>
}

/** Sends the head of a POST and begins to read its body on the other side. */
async function reading(headers: string, budgetBytes = 10_000): Promise<Reading> {
  const clock = new FakeClock()
  const inner = createBodyBudget(() => budgetBytes)
  const waiting: { bytes: number; resolve: () => void }[] = []
  const budget: BodyBudget = {
    take(bytes) {
      inner.take(bytes)
      for (const one of waiting) if (inner.usedBytes >= one.bytes) one.resolve()
    },
    giveBack: (bytes) => inner.giveBack(bytes),
    get usedBytes() {
      return inner.usedBytes
    },
  }
  const begun = Promise.withResolvers?.<Promise<HeldBody>>() ?? withResolvers<Promise<HeldBody>>()
  const server = createServer((request: IncomingMessage) => {
    const result = readBody(request, limits, budget, clock)
    result.catch(() => {})
    begun.resolve(result.then((body) => body) && ({ result } as never))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const socket = connect({ host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
  const { result } = (await begun.promise) as unknown as { result: Promise<HeldBody> }
  return {
    ...{ socket, clock, budget, result },
    counted: (bytes) =>
      new Promise((resolve) => {
        if (inner.usedBytes >= bytes) resolve()
        else waiting.push({ bytes, resolve })
      }),
  }
}
