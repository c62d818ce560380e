import { Readable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  head,
  raw,
  refusedPort,
  reset,
  stall,
  startFakeProvider,
  whole,
  write,
} from '../support/fake-provider.ts'
import { heardSending, testPools, turns } from './sending.ts'

async function provider(...script: Parameters<typeof startFakeProvider>) {
  const fake = await startFakeProvider(...script)
  onTestFinished(() => fake.close())
  return fake
}

describe('a sending', () => {
  it('puts the request on the wire as it is, and tells of the answer in order', async () => {
    const fake = await provider([
      head(201, [
        ['X-Two', 'a'],
        ['X-Two', 'b'],
      ]),
      write('one'),
      write('two'),
    ])
    const heard = heardSending(testPools(), fake.origin, {
      headers: ['X-Mixed', 'Value', 'x-a', '1', 'x-a', '2'],
    })
    await heard.until('ended')
    expect(heard.calls[0]).toBe('sent')
    expect(heard.calls[1]).toContain('head 201 x-two=a x-two=b')
    expect(heard.body()).toBe('onetwo')
    expect(fake.requests[0]).toMatchObject({ method: 'POST', url: '/v1/x?q=%20' })
    expect(fake.requests[0]?.body.toString()).toBe('hi')
    expect(fake.requests[0]?.rawHeaders).toEqual(
      expect.arrayContaining([
        ['X-Mixed', 'Value'],
        ['x-a', '1'],
        ['x-a', '2'],
      ]),
    )
  })

  it('streams a body that comes as a stream', async () => {
    const fake = await provider()
    const heard = heardSending(testPools(), fake.origin, {
      body: Readable.from([Buffer.from('a'), Buffer.from('b')]),
    })
    await heard.until('ended')
    expect(fake.requests[0]?.body.toString()).toBe('ab')
  })

  it('does not decompress and does not follow redirects', async () => {
    const fake = await provider(
      whole(302, 'not gzip', { headers: { location: '/elsewhere', 'content-encoding': 'gzip' } }),
    )
    const heard = heardSending(testPools(), fake.origin)
    await heard.until('ended')
    expect(heard.calls[1]).toContain('head 302')
    expect(heard.body()).toBe('not gzip')
    expect(fake.requests).toHaveLength(1)
  })

  it('passes over interim answers', async () => {
    const fake = await provider([
      raw('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    ])
    const heard = heardSending(testPools(), fake.origin)
    await heard.until('ended')
    expect(heard.calls.filter((call) => call.startsWith('head'))).toHaveLength(1)
    expect(heard.body()).toBe('ok')
  })
})

describe('a sending that fails', () => {
  it('before it was sent says so', async () => {
    const heard = heardSending(testPools(), `http://127.0.0.1:${await refusedPort()}`)
    await heard.until('failed')
    expect(heard.calls).toEqual(['failed'])
    expect(heard.circumstances).toEqual({ sent: false, lostIdleConnection: false })
  })

  it('in the middle of its answer tells of what came before', async () => {
    const fake = await provider([head(200), write('half'), reset()])
    const heard = heardSending(testPools(), fake.origin)
    await heard.until('failed')
    expect(heard.body()).toBe('half')
    expect(heard.calls.at(-1)).toBe('failed')
    expect(heard.circumstances).toEqual({ sent: true, lostIdleConnection: false })
  })

  it('on headers that no request can have fails like any other', async () => {
    const fake = await provider()
    const heard = heardSending(testPools(), fake.origin, { headers: ['bad name', 'x'] })
    await heard.until('failed')
    expect(heard.circumstances?.sent).toBe(false)
  })
})

describe('an aborted sending', () => {
  it('closes its connection and tells nothing more', async () => {
    const fake = await provider([head(200), write('x'), stall()])
    const heard = heardSending(testPools(), fake.origin)
    await heard.until('data')
    heard.sending.abort()
    const told = heard.calls.length
    await (await fake.received()).closed
    heard.sending.abort()
    expect(heard.calls).toHaveLength(told)
  })

  it('that has no connection yet sends nothing', async () => {
    const fake = await provider()
    const pools = testPools()
    const heard = heardSending(pools, fake.origin)
    heard.sending.abort()
    const other = heardSending(pools, fake.origin, { path: '/other' })
    await other.until('ended')
    expect(fake.requests.map(({ url }) => url)).toEqual(['/other'])
    expect(heard.calls).toEqual([])
  })
})

it('a paused sending gets no more bytes until it is resumed', async () => {
  const fake = await provider(whole(200, 'x'.repeat(4 << 20)))
  const heard = heardSending(testPools(), fake.origin)
  await heard.until('data')
  heard.sending.pause()
  await turns(20)
  const paused = heard.body().length
  expect(paused).toBeLessThan(4 << 20)
  await turns(20)
  expect(heard.body()).toHaveLength(paused)
  heard.sending.resume()
  await heard.until('ended')
  expect(heard.body()).toHaveLength(4 << 20)
})
