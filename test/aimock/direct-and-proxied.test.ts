import type { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Observation, observe } from '../sdk/observation.ts'
import { firstWord, type Note, type SdkCalls } from '../sdk/surface.ts'
import { surfaces } from '../sdk/surfaces.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'
import { limitedQuestion, refusedQuestion, startMockProvider } from './mock-provider.ts'
import { withoutChance } from './sameness.ts'

let mock: LLMock
let proxy: TestProxy
beforeAll(async () => {
  mock = await startMockProvider()
  proxy = await startTestProxy({
    instead: Object.fromEntries(surfaces.map(({ host }) => [host, mock.url])),
    env: { HEALTH_CHECK_CIRCUIT_BREAKER_ENABLED: 'false' },
  })
})
afterAll(async () => {
  await proxy.stop()
  await mock.stop()
})

type Act = (calls: SdkCalls, note: Note) => Promise<unknown>

const answered: [what: string, act: Act][] = [
  ['a whole answer', (calls) => calls.whole()],
  ['a stream', (calls, note) => calls.stream(note)],
  ['a stream through the helper', (calls, note) => calls.helper(note)],
  ['a tool round trip', (calls) => calls.toolRoundTrip()],
  ['a streamed tool round trip', (calls, note) => calls.toolRoundTripStreamed(note)],
]

const refused: [what: string, status: number, act: Act][] = [
  ['a refused whole call', 400, (calls) => calls.whole({ prompt: refusedQuestion })],
  ['a refused stream', 400, (calls, note) => calls.stream(note, { prompt: refusedQuestion })],
  ['a limited whole call', 429, (calls) => calls.whole({ prompt: limitedQuestion })],
  ['a limited stream', 429, (calls, note) => calls.stream(note, { prompt: limitedQuestion })],
]

describe.each(surfaces)('$name against a mock provider', (surface) => {
  test.each(answered)('sees no difference with a proxy between: %s', async (_what, act) => {
    const { direct, proxied } = await bothWays(act)
    expect(direct.error).toBeNull()
    expect(JSON.stringify([direct.value, direct.events])).toContain(firstWord)
    expect(withoutChance(proxied)).toStrictEqual(withoutChance(direct))
  })

  test.each(refused)('sees no difference with a proxy between: %s', async (_what, status, act) => {
    const { direct, proxied } = await bothWays(act)
    expect(direct.error).toMatchObject({ status })
    expect(withoutChance(proxied)).toStrictEqual(withoutChance(direct))
  })

  async function bothWays(act: Act): Promise<{ direct: Observation; proxied: Observation }> {
    mock.clearRequests()
    const direct = await observe(surface, mock.url, act)
    const askedDirectly = askedOf(mock)
    mock.clearRequests()
    const proxied = await observe(surface, proxy.url, act)
    expect(withoutChance(askedOf(mock))).toStrictEqual(withoutChance(askedDirectly))
    expect(new Set(proxied.heads.map((head) => head.backend))).toEqual(new Set([surface.backend]))
    for (const head of proxied.heads) head.backend = null
    return { direct, proxied }
  }
})

/** What the mock was asked, in its own words. */
function askedOf({ journal }: LLMock): unknown[] {
  return journal.getAll().map(({ method, path, body }) => ({ method, path, body }))
}
