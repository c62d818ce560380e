import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  admin,
  aKey,
  ask,
  limitedConfig,
  noon,
  recorded,
  refusalOf,
  reported,
  statusOf,
} from '../server/limited.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { chatAnswer, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'

const hourMs = 3_600_000
let clock: FakeClock
let provider: FakeProvider
let proxies: TestProxy[]
let ledger: string

beforeEach(async () => {
  clock = new FakeClock(noon)
  provider = await startFakeProvider(chatAnswer({ model: 'm', usage: reported }))
  proxies = []
  ledger = join(tempFolder(), 'usage.db')
})
afterEach(async () => {
  await provider.close()
  await Promise.all(proxies.map((proxy) => proxy.stop()))
})

const ann = (usdPerDay = 1) => aKey('ann', { usd_per_day: usdPerDay })

function configOf(apiKeys: readonly object[], usageTracking: object = {}) {
  const origins = { openai: provider.origin, anthropic: provider.origin }
  return limitedConfig(origins, apiKeys, { persistence_path: ledger, ...usageTracking })
}

async function start(apiKeys: readonly object[], usageTracking: object = {}): Promise<TestProxy> {
  const proxy = await startTestProxy({ ledger: true, clock, config: configOf(apiKeys, usageTracking) })
  proxies.push(proxy)
  return proxy
}

describe('a restart at noon', () => {
  it('takes nothing back: the day goes on where it was, and is free again at midnight', async () => {
    const before = await start([ann()])
    for (let i = 0; i < 9; i++) expect(await statusOf(ask(before, 'ann', 100))).toBe(200)
    await before.close(0)

    const after = await start([ann()])
    const { headers, ...refusal } = await refusalOf(ask(after, 'ann', 100))
    expect(refusal).toMatchObject({
      ...{ status: 429, code: 'spending_limit' },
      message: expect.stringContaining('$0.90 are spent'),
    })
    expect(headers.get('retry-after')).toBe(String(12 * 3_600))
    expect(await statusOf(ask(after, 'ann', 40))).toBe(200)
    clock.advance(12 * hourMs)
    expect(await statusOf(ask(after, 'ann', 900))).toBe(200)
  })

  it('finds what other proxies on the ledger spend, within ten seconds, and its own only once', async () => {
    const [one, two] = [await start([ann()]), await start([ann()])]
    for (const proxy of [one, two, one, two]) expect(await statusOf(ask(proxy, 'ann', 100))).toBe(200)
    await recorded(two, 'ann', 2)
    await recorded(one, 'ann', 4)
    for (const proxy of [one, two]) {
      await vi.waitFor(
        async () => {
          clock.advance(10_000)
          const { message } = await refusalOf(ask(proxy, 'ann', 900))
          expect(message).toContain('$0.40 are spent')
        },
        { timeout: 9_000 },
      )
    }
  })

  it('with a ledger that cannot be read keeps such keys waiting, and nobody else', async () => {
    mkdirSync(ledger)
    const proxy = await start([ann(), aKey('bob')])
    const { headers, ...refusal } = await refusalOf(ask(proxy, 'ann', 10))
    expect(refusal).toMatchObject({
      ...{ status: 503, code: 'ledger_failed' },
      message: expect.stringMatching(/"ann" has usd_per_day.*cannot be read/),
    })
    expect(headers.get('retry-after')).toBe('2')
    expect(proxy.log()).toContain('what was spent today cannot be read')
    for (const user of ['bob', admin]) expect(await statusOf(ask(proxy, user, 10))).toBe(200)
    rmSync(ledger, { recursive: true })
    await vi.waitFor(
      async () => {
        clock.advance(2_000)
        expect(await statusOf(ask(proxy, 'ann', 10))).toBe(200)
      },
      { timeout: 9_000 },
    )
  })
})

describe('usd_per_day without a ledger', () => {
  const off = { enabled: false }

  it('stops the start, with the place in the file', async () => {
    await expect(start([ann()], off)).rejects.toThrow(
      /config\.yaml:\d+:\d+: auth\.api_keys\[1\]\.usd_per_day: cannot be kept without a ledger/,
    )
  })

  it('is refused by a reload, and the old configuration stays', async () => {
    const proxy = await start([aKey('bob')], off)
    for (const usageTracking of [off, {}]) {
      await proxy.rewrite(configOf([ann(), aKey('bob')], usageTracking))
      await proxy.reload()
      expect(await statusOf(ask(proxy, 'ann', 10))).toBe(401)
      expect(await statusOf(ask(proxy, 'bob', 10))).toBe(200)
    }
    expect(proxy.log()).toMatch(/api_keys\[1\]\.usd_per_day: cannot be kept without a ledger/)
    expect(proxy.log()).toMatch(
      /config\.yaml:\d+:\d+: auth\.api_keys\[1\]\.usd_per_day: cannot be kept: this proxy was started without/,
    )
  })
})

describe('a reload', () => {
  it('gives a key a limit, with what it has spent before it had one', async () => {
    const proxy = await start([aKey('ann')])
    expect(await statusOf(ask(proxy, 'ann', 5_000))).toBe(200)
    await recorded(proxy, 'ann', 1)
    await proxy.rewrite(configOf([ann(0.2)]))
    await proxy.reload()
    expect(await refusalOf(ask(proxy, 'ann', 100))).toMatchObject({
      ...{ code: 'spending_limit', message: expect.stringContaining('$0.10 are spent') },
    })
    await proxy.rewrite(configOf([ann(0.3)]))
    await proxy.reload()
    expect(await statusOf(ask(proxy, 'ann', 100))).toBe(200)
  })

  it('gives a model its price', async () => {
    const proxy = await start([ann()])
    expect(await statusOf(ask(proxy, 'ann', 10, { model: 'unpriced' }))).toBe(403)
    const { prices } = configOf([]).usage_tracking
    const more = { prices: { ...prices, 'openai:unpriced': { input: 1, output: 1 } } }
    await proxy.rewrite(configOf([ann()], more))
    await proxy.reload()
    expect(await statusOf(ask(proxy, 'ann', 10, { model: 'unpriced' }))).toBe(200)
  })
})
