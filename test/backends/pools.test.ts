import { describe, expect, it, onTestFinished } from 'vitest'
import { createPools } from '../../src/backends/pools.ts'
import { head, stall, startFakeProvider, write } from '../support/fake-provider.ts'
import { ended, heardSending, testPools, turns } from './sending.ts'

async function provider() {
  const fake = await startFakeProvider()
  onTestFinished(() => fake.close())
  return fake
}

describe('the connections to a provider', () => {
  it('are one pool per origin, kept', () => {
    const pools = testPools()
    expect(pools.dispatcherFor('https://a.test')).toBe(pools.dispatcherFor('https://a.test'))
    expect(pools.dispatcherFor('https://a.test')).not.toBe(pools.dispatcherFor('https://b.test'))
  })

  it('are used again for one request after the other', async () => {
    const fake = await provider()
    const pools = testPools()
    for (let i = 0; i < 3; i++) await ended(pools, fake.origin)
    expect(fake.connections).toBe(1)
  })

  it('are as many as there are requests side by side', async () => {
    const fake = await provider()
    fake.answer([head(200), write('x'), stall()])
    const pools = testPools()
    const all = Array.from({ length: 5 }, () => heardSending(pools, fake.origin))
    await Promise.all(all.map((heard) => heard.until('data')))
    expect(fake.openConnections).toBe(5)
  })

  it('go where the provider’s origin really is', async () => {
    const fake = await provider()
    const pools = testPools({ env: {}, dial: () => fake.origin })
    await ended(pools, 'http://api.example.com')
    expect(fake.requests).toHaveLength(1)
  })

  it('end with the pools', async () => {
    const fake = await provider()
    fake.answer([head(200), write('x'), stall()])
    const pools = createPools({ env: {} })
    await heardSending(pools, fake.origin).until('data')
    await pools.close()
    await (await fake.received()).closed
  })
})

it('a fresh connection is one that nothing used before, and it closes after its request', async () => {
  const fake = await provider()
  const pools = testPools()
  await ended(pools, fake.origin)
  await ended(pools, fake.origin, {}, true)
  expect(fake.requests.map(({ connection }) => connection)).toEqual([1, 2])
  while (fake.openConnections > 1) await turns(1)
  await ended(pools, fake.origin)
  expect(fake.requests.at(-1)?.connection).toBe(1)
})

describe('an outbound proxy', () => {
  it('is asked for every host but loopback', async () => {
    const [outbound, local] = [await provider(), await provider()]
    outbound.answer([head(502)])
    const pools = testPools({ env: { HTTP_PROXY: outbound.origin, http_proxy: outbound.origin } })
    await ended(pools, local.origin)
    expect(local.requests).toHaveLength(1)
    expect(outbound.connections).toBe(0)
  })
})
