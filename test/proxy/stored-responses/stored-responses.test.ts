import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStoredResponses } from '../../../src/proxy/stored-responses/stored-responses.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import {
  chatAnswer,
  chatStream,
  type FakeProvider,
  jsonBody,
  startFakeProvider,
} from '../../support/fake-provider.ts'
import { startTestProxy, type TestProxy } from '../../support/start-proxy.ts'

const response = (id: string, filler = '') => ({ response: { id, output: [filler] }, input: [] })

describe('what is kept of answers', () => {
  it('is found by its owner only, and not for ever', () => {
    const clock = new FakeClock()
    const store = createStoredResponses(clock, { maxAgeMs: 1000 })
    store.keep('mine', response('resp_1'))
    expect(store.find('mine', 'resp_1')).toEqual(response('resp_1'))
    expect(store.find('theirs', 'resp_1')).toBeUndefined()
    expect(store.find(null, 'resp_1')).toBeUndefined()
    clock.advance(1001)
    expect(store.find('mine', 'resp_1')).toBeUndefined()
  })

  it('is the newest that fits; what alone does not fit is not kept', () => {
    const store = createStoredResponses(new FakeClock(), { maxBytes: 3000 })
    store.keep(null, response('resp_1', 'a'.repeat(1000)))
    store.keep(null, response('resp_2', 'b'.repeat(1000)))
    store.keep(null, response('resp_3', 'c'.repeat(3000)))
    expect(['resp_1', 'resp_2', 'resp_3'].map((id) => store.find(null, id) !== undefined)).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('a client of Responses on a backend that keeps nothing', () => {
  let fake: FakeProvider
  let proxy: TestProxy
  beforeEach(async () => {
    fake = await startFakeProvider()
    const local = { type: 'vllm', api_url: `${fake.url}/v1`, protocols: ['openai-chat'], models: ['m'] }
    proxy = await startTestProxy({ config: { backends: { local } } })
  })
  afterEach(async () => {
    await proxy.stop()
    await fake.close()
  })

  async function ask(body: object, key = 'sk-one-0000000000000000') {
    const answer = await fetch(`${proxy.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'm', ...body }),
    })
    const text = await answer.text()
    const last = text.startsWith('{')
      ? text
      : (text.match(/^data: (\{"type":"response.completed".*)$/m)?.[1] ?? '{}')
    const parsed = JSON.parse(last)
    return { status: answer.status, body: parsed.response ?? parsed }
  }
  const fetchStored = (path: string, method = 'GET', key = 'sk-one-0000000000000000') =>
    fetch(`${proxy.url}/v1/responses/${path}`, { method, headers: { authorization: `Bearer ${key}` } })

  it.each([false, true])('goes on from an earlier answer (stream: %j)', async (stream) => {
    fake.next(stream ? chatStream(['Blue', '.']) : chatAnswer({ text: 'Blue.' }))
    fake.next(chatAnswer({ text: 'Because of the light.' }))
    fake.next(chatAnswer({ text: 'Yes.' }))
    const first = await ask({ instructions: 'Be brief.', input: 'What colour is the sky?', stream })
    const second = await ask({ input: 'Why?', previous_response_id: first.body.id })
    const third = await ask({ input: 'Sure?', previous_response_id: second.body.id })
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200])
    const sent = fake.requests.map((request) =>
      (jsonBody(request) as { messages: { role: string; content: string }[] }).messages.map(
        ({ role, content }) => [role, content],
      ),
    )
    expect(sent[1]).toEqual([
      ['user', 'What colour is the sky?'],
      ['assistant', 'Blue.'],
      ['user', 'Why?'],
    ])
    expect(sent[2]?.slice(2)).toEqual([
      ['user', 'Why?'],
      ['assistant', 'Because of the light.'],
      ['user', 'Sure?'],
    ])
  })

  it.each([
    ['that nobody knows', {}, 'resp_unknown', undefined],
    ['that it had not kept', { store: false }, undefined, undefined],
    ['of another key', {}, undefined, 'sk-two-0000000000000000'],
  ])('is told clearly of an answer %s', async (_which, about, id, key) => {
    fake.answer(chatAnswer({ text: 'Blue.' }))
    const first = await ask({ input: 'What colour is the sky?', ...about })
    const refused = await ask({ input: 'Why?', previous_response_id: id ?? first.body.id }, key)
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'untranslatable', param: 'previous_response_id' } },
    })
    expect(fake.requests).toHaveLength(1)
  })

  it('can read and delete what is kept', async () => {
    fake.answer(chatAnswer({ text: 'Blue.' }))
    const { body } = await ask({ input: 'What colour is the sky?' })
    expect(await (await fetchStored(body.id)).json()).toEqual(body)
    const items = await (await fetchStored(`${body.id}/input_items`)).json()
    expect(items).toMatchObject({ object: 'list', has_more: false, data: [{ role: 'user' }] })
    const deleted = await fetchStored(body.id, 'DELETE')
    expect(await deleted.json()).toEqual({ id: body.id, object: 'response', deleted: true })
    const again = await ask({ input: 'Why?', previous_response_id: body.id })
    expect(again.status).toBe(400)
  })
})
