import { onTestFinished } from 'vitest'
import { createPools, type Pools } from '../../src/backends/pools.ts'
import { type AnswerListener, type Outgoing, type Sending, send } from '../../src/backends/send.ts'

/** Everything that a sending told, and how to wait for it. */
export interface Heard {
  sending: Sending
  calls: string[]
  body: () => string
  circumstances: { sent: boolean; lostIdleConnection: boolean } | undefined
  /** Resolves with a call of this name, or at once if it was made. */
  until(call: string): Promise<void>
}

export function testPools(settings: Parameters<typeof createPools>[0] = { env: {} }): Pools {
  const pools = createPools(settings)
  onTestFinished(() => pools.close())
  return pools
}

/** Lets sockets and undici go on for a while. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** A sending that has ended, and whose connection is free again. */
export async function ended(...what: Parameters<typeof heardSending>): Promise<Heard> {
  const heard = heardSending(...what)
  await heard.until('ended')
  await turns(5)
  return heard
}

/** Sends a request and writes down what it tells. */
export function heardSending(
  pools: Pools,
  origin: string,
  changes: Partial<Outgoing> = {},
  fresh = false,
): Heard {
  const chunks: Buffer[] = []
  const waiting: { call: string; resolve: () => void }[] = []
  const tell = (call: string) => {
    heard.calls.push(call)
    for (const one of waiting) if (call.startsWith(one.call)) one.resolve()
  }
  const listener: AnswerListener = {
    sent: () => tell('sent'),
    head: (status, headers) => tell(`head ${status} ${headers.map((pair) => pair.join('=')).join(' ')}`),
    data: (bytes) => {
      chunks.push(Buffer.from(bytes))
      tell('data')
    },
    ended: () => tell('ended'),
    failed: (_error, circumstances) => {
      heard.circumstances = circumstances
      tell('failed')
    },
  }
  const heard: Heard = {
    sending: { abort() {}, pause() {}, resume() {} },
    calls: [],
    body: () => Buffer.concat(chunks).toString(),
    circumstances: undefined,
    until: (call) =>
      heard.calls.some((one) => one.startsWith(call))
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ call, resolve })),
  }
  const outgoing = {
    origin,
    path: '/v1/x?q=%20',
    method: 'POST',
    headers: ['x-a', '1'],
    body: Buffer.from('hi'),
  }
  heard.sending = send(pools, { ...outgoing, ...changes }, listener, fresh)
  return heard
}
