import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Exchange, Leg } from '../../src/core/exchange.ts'
import type { Monitor, WireEnd, WireHead } from '../../src/core/monitor.ts'
import {
  chatAnswer,
  chatStream,
  closeWithoutAnswer,
  cutAt,
  head,
  openaiError,
  stall,
  whole,
  write,
} from '../support/fake-provider.ts'
import { startScenario } from './scenario.ts'

interface Side {
  head: WireHead | null
  bytes: Buffer
  ends: WireEnd[]
}

/** Writes down what stands on each leg, and holds to the order: a head, then bytes, then one end. */
class Wire implements Monitor {
  readonly name = 'wire'
  readonly legs = new Map<string, Side>()
  readonly faults: string[] = []
  isOn = true

  hearsWire = () => this.isOn

  wireHead(_exchange: Exchange, leg: Leg, attempt: number | null, told: WireHead): void {
    const side = this.of(leg, attempt)
    if (side.head !== null || side.bytes.length > 0) this.faults.push(`${leg}: a head too late`)
    side.head = told
  }

  wireBytes(_exchange: Exchange, leg: Leg, attempt: number | null, bytes: Uint8Array): void {
    const side = this.of(leg, attempt)
    if (side.head === null || side.ends.length > 0)
      this.faults.push(`${leg}: bytes without a head, or too late`)
    side.bytes = Buffer.concat([side.bytes, bytes])
  }

  wireEnd(_exchange: Exchange, leg: Leg, attempt: number | null, { why }: { why: WireEnd }): void {
    this.of(leg, attempt).ends.push(why)
  }

  of(leg: Leg, attempt: number | null = leg === 'PTB' || leg === 'BTP' ? 1 : null): Side {
    const key = `${leg} ${attempt}`
    const side = this.legs.get(key) ?? { head: null, bytes: Buffer.alloc(0), ends: [] }
    this.legs.set(key, side)
    return side
  }

  /** How each leg ended, in the order in which they were first heard of. */
  ends(): Record<string, string> {
    return Object.fromEntries([...this.legs].map(([key, { ends }]) => [key, ends.join()]))
  }
}

async function startWired(options: Parameters<typeof startScenario>[0] = {}) {
  const wire = new Wire()
  const scenario = await startScenario({ ...options, monitors: [wire] })
  return { ...scenario, wire }
}

describe('what stands on the wire', () => {
  it('is told leg by leg, with heads as they were sent', async () => {
    const { a, chat, watch, wire } = await startWired()
    a.answer(chatStream(['Hel', 'lo'], { headers: { 'X-Custom-Case': 'kept' } }))
    const answer = await chat({}, { headers: { 'X-Client-Case': 'kept', 'x-twice': 'one' } })
    const text = await answer.text()
    await watch.closedExchange()
    expect(wire.faults).toEqual([])
    expect(wire.ends()).toEqual({ 'CTP null': 'eof', 'PTB 1': 'eof', 'BTP 1': 'eof', 'PTC null': 'eof' })
    expect(wire.of('CTP').head?.request).toEqual({ method: 'POST', url: '/v1/chat/completions' })
    expect(wire.of('CTP').head?.headers).toContainEqual(['X-Client-Case', 'kept'])
    expect(JSON.parse(wire.of('CTP').bytes.toString())).toMatchObject({ model: 'm' })
    expect(wire.of('PTB').head?.request?.url).toBe(`${a.url}/v1/chat/completions`)
    expect(wire.of('PTB').bytes.toString()).toBe(a.requests.at(-1)?.body.toString())
    expect(wire.of('BTP').head).toMatchObject({ status: 200 })
    expect(wire.of('BTP').head?.headers).toContainEqual(['X-Custom-Case', 'kept'])
    expect(wire.of('PTC').head).toMatchObject({ status: 200 })
    expect(wire.of('PTC').bytes.toString()).toBe(text)
  })

  it('keeps its encodings', async () => {
    const { a, post, watch, wire } = await startWired()
    a.answer(whole(200, JSON.stringify({ id: 'x' }), { encoding: 'gzip' }))
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
    const headers = { 'content-encoding': 'gzip', 'accept-encoding': 'gzip' }
    await (await post('/v1/chat/completions', gzipSync(body), { headers })).text()
    await watch.closedExchange()
    expect(gunzipSync(wire.of('CTP').bytes).toString()).toBe(body)
    expect(gunzipSync(wire.of('BTP').bytes).toString()).toBe('{"id":"x"}')
  })

  it('has every attempt of a failover on legs of its own', async () => {
    const { a, b, chat, watch, wire } = await startWired({ targets: 2 })
    a.answer(openaiError(503))
    b.answer(chatAnswer())
    await (await chat({ stream: false })).text()
    await watch.closedExchange()
    expect(wire.faults).toEqual([])
    expect(Object.keys(wire.ends())).toEqual([
      ...['CTP null', 'PTB 1', 'BTP 1', 'PTB 2', 'BTP 2', 'PTC null'],
    ])
    expect([wire.of('BTP', 1).head?.status, wire.of('BTP', 2).head?.status]).toEqual([503, 200])
  })

  it('says of a refused request how it was answered', async () => {
    const { post, watch, wire } = await startWired()
    const answer = await post('/v1/chat/completions', '{"messages":[]}')
    const text = await answer.text()
    await watch.closedExchange()
    expect(wire.ends()).toEqual({ 'CTP null': 'eof', 'PTC null': 'eof' })
    expect([wire.of('PTC').head?.status, wire.of('PTC').bytes.toString()]).toEqual([400, text])
  })

  it('has bodies that pass unread, both ways', async () => {
    const { a, post, watch, wire } = await startWired()
    a.answer([head(200, { 'content-type': 'application/octet-stream' }), write(Buffer.from([1, 2]))])
    await (await post('/openai.a/v1/embeddings', Buffer.from([0, 255]))).text()
    await watch.closedExchange()
    expect(wire.faults).toEqual([])
    expect(['CTP', 'PTB', 'BTP', 'PTC'].map((leg) => [...wire.of(leg as Leg).bytes])).toEqual([
      ...[
        [0, 255],
        [0, 255],
        [1, 2],
        [1, 2],
      ],
    ])
    expect(Object.values(wire.ends())).toEqual(['eof', 'eof', 'eof', 'eof'])
  })

  it('is not told while nobody listens', async () => {
    const { a, chat, watch, wire } = await startWired()
    wire.isOn = false
    a.answer(chatStream())
    await (await chat()).text()
    await watch.closedExchange()
    expect(wire.legs.size).toBe(0)
  })
})

describe('how a leg ended', () => {
  it('is the backend’s doing where its stream breaks off', async () => {
    const { a, chat, watch, wire } = await startWired()
    a.answer([cutAt(700), ...chatStream(['Hello', ' there'])])
    const answer = await chat()
    await answer.text().catch(() => {})
    await watch.closedExchange()
    expect([wire.of('BTP').ends, wire.of('PTC').ends]).toEqual([['abort_backend'], ['abort_proxy']])
  })

  it('is an error where no answer began', async () => {
    const { a, chat, watch, wire } = await startWired()
    a.answer([closeWithoutAnswer()])
    await (await chat()).text()
    await watch.closedExchange()
    expect(wire.of('BTP')).toMatchObject({ head: null, ends: ['error'] })
    expect(wire.of('PTC').ends).toEqual(['eof'])
  })

  it('is the client’s doing on both sides where it leaves', async () => {
    const { a, chat, watch, wire } = await startWired()
    a.answer([
      ...chatStream(['Hello']).slice(0, 1),
      write('data: {"choices":[{"delta":{"content":"x"}}]}\n\n'),
      stall(),
    ])
    const answer = await chat()
    await watch.until(() => watch.bytes.BTP !== '')
    answer.abort()
    await watch.closedExchange()
    expect([wire.of('BTP').ends, wire.of('PTC').ends]).toEqual([['abort_client'], ['abort_client']])
  })
})
