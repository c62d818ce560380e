import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { head } from '../support/fake-provider.ts'
import { casesOf, type SdkCase } from './cases.ts'
import { type Observation, observe } from './observation.ts'
import type { Surface } from './surface.ts'
import { surfaces } from './surfaces.ts'
import { comparableRequest, startTwoWays, type TwoWays } from './two-ways.ts'

let ways: TwoWays
beforeAll(async () => {
  ways = await startTwoWays()
})
afterAll(() => ways.stop())

describe.each(surfaces)('$name', (surface) => {
  test.each(casesOf(surface))('sees no difference with a proxy between: $name', async (one) => {
    const direct = await observeAt(ways.fake.origin, surface, one)
    const proxied = await observeAt(ways.proxy.url, surface, one)

    for (const { seen, requests } of [direct, proxied]) one.proof(seen, bodiesOf(requests))
    expect(comparable(proxied.seen)).toStrictEqual(comparable(direct.seen))
    expect(proxied.requests).toEqual(direct.requests)
    expect(direct.seen.heads.map((head) => head.backend)).toEqual(direct.seen.heads.map(() => null))
    expect(proxied.seen.heads.map((head) => head.backend)).toEqual(
      proxied.seen.heads.map(() => surface.backend),
    )
  })
})

async function observeAt(
  origin: string,
  surface: Surface,
  { provider, act }: SdkCase,
): Promise<{ seen: Observation; requests: Record<string, unknown>[] }> {
  const { fake } = ways
  const before = fake.requests.length
  const scripts = [...provider(surface)]
  fake.answer(() => scripts.shift() ?? [head(500)])
  const seen = await observe(surface, origin, (calls, note) => act(calls, note, fake))
  const requests = fake.requests.slice(before).map((request) => comparableRequest(request, surface.keyHeader))
  return { seen, requests }
}

function bodiesOf(requests: readonly Record<string, unknown>[]): string[] {
  return requests.map(({ body }) => String(body))
}

function comparable(seen: Observation): unknown {
  return { ...seen, heads: seen.heads.map(({ status, headers }) => ({ status, headers })) }
}
