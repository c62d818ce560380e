import { expect, it, onTestFinished } from 'vitest'
import { createModelFetch } from '../../src/server/model-fetch.ts'
import { testPools } from '../backends/sending.ts'
import { aBackend } from '../support/a-backend.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { reset, stall, startFakeProvider, whole } from '../support/fake-provider.ts'

async function fetching(name = 'openai') {
  const fake = await startFakeProvider()
  onTestFinished(() => fake.close())
  const clock = new FakeClock()
  const backend = aBackend(name, { apiUrl: `${fake.url}/v1` })
  const redactText = (text: string) => text.replace('sk-planted', '***')
  const fetchList = createModelFetch(testPools(), clock, redactText)
  return { fake, clock, ask: () => fetchList(backend, { kind: 'proxy' }) }
}

it('asks with our key and gives the ids, but for one that holds a secret', async () => {
  const { fake, ask, clock } = await fetching()
  fake.answer(whole(200, { object: 'list', data: [{ id: 'a' }, { id: 'b' }, { id: 'sk-planted' }] }))
  expect(await ask()).toEqual(['a', 'b'])
  expect(fake.requests[0]).toMatchObject({ method: 'GET', url: '/v1/models' })
  expect(fake.requests[0]?.headers.authorization).toBe('Bearer sk-openai')
  expect(clock.pending).toBe(0)
})

it('asks Anthropic for one large page', async () => {
  const { fake, ask } = await fetching('anthropic')
  fake.answer(whole(200, { data: [{ id: 'claude-x', type: 'model' }], has_more: false }))
  expect(await ask()).toEqual(['claude-x'])
  expect(fake.requests[0]?.url).toBe('/v1/models?limit=1000')
})

it('gives up after ten seconds, and closes the connection', async () => {
  const { fake, ask, clock } = await fetching()
  fake.answer([stall()])
  const asked = ask()
  const failure = expect(asked).rejects.toThrow('within 10 s')
  const request = await fake.received()
  clock.advance(10_000)
  await failure
  await request.closed
})

it.each([
  ['another status', whole(401, {}), 'status 401'],
  ['another shape', whole(200, { models: 'none' }), 'shape'],
  ['a break', [reset()], 'ECONNRESET'],
  ['no JSON', whole(200, '<html>'), 'JSON'],
])('fails with %s', async (_what, script, words) => {
  const { fake, ask } = await fetching()
  fake.answer(script)
  await expect(ask()).rejects.toThrow(words)
})
