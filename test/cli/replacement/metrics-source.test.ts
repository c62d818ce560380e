import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { apiClient } from '../../../src/cli/api-client.ts'
import { metricsFromLedger, metricsFromProxy } from '../../../src/cli/replacement/metrics-source.ts'
import {
  closeWithoutAnswer,
  type FakeProvider,
  head,
  startFakeProvider,
  whole,
  write,
} from '../../support/fake-provider.ts'
import { anAnswer } from './metrics-answers.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
beforeEach(() => {
  proxy.requests.length = 0
})
afterAll(() => proxy.close())

const ask = () =>
  metricsFromProxy(apiClient(proxy.url, 'lp_abc')).metrics(new URLSearchParams({ start_date: '7d' }))

describe('a proxy', () => {
  it('is asked for its metrics, with the access key and the period', async () => {
    proxy.answer(whole(200, anAnswer({ more: { to: ['come'] } })))
    const { answer, report } = await ask()
    expect(answer).toEqual(anAnswer({ more: { to: ['come'] } }))
    expect(report.activations?.total).toBe(134)
    expect(
      proxy.requests.map(({ method, url, headers }) => [method, url, headers['x-llmproxy-key']]),
    ).toEqual([['GET', '/v1/replacement/metrics?start_date=7d', 'lp_abc']])
  })

  it.each([
    ['JSON of something else', whole(200, { hello: 'world' }), 'is no llmproxy', 3],
    ['no JSON', whole(200, '<html>'), 'is no llmproxy', 3],
    ['404 of another program', whole(404, 'not found'), 'is no llmproxy (404)', 3],
    [
      'an access key wanted',
      whole(401, { error: { message: 'an access key is wanted' } }),
      'an access key',
      3,
    ],
    ['a date that is none', whole(400, { error: { message: '"start_date" is no date' } }), 'is no date', 2],
    ['a fault', whole(500, { error: { message: 'the ledger fails' } }), 'the ledger fails', 1],
    [
      'an answer that breaks off',
      [head(200, { 'content-length': '400' }), write('{"enabled":'), closeWithoutAnswer()],
      'no proxy answers at',
      3,
    ],
  ])('that has %s is a failure', async (_, script, message, exitCode) => {
    proxy.answer(script)
    await expect(ask()).rejects.toMatchObject({
      ...{ name: 'Failure', message: expect.stringContaining(message), exitCode },
    })
  })
})

it('a ledger knows the effectiveness; all that a proxy decides is null', async () => {
  const asked: string[] = []
  let isClosed = false
  const [one] = anAnswer().effectiveness as object[]
  const source = metricsFromLedger({
    effectiveness: (query) => {
      asked.push(query.toString())
      return Promise.resolve([one!])
    },
    close: () => {
      isClosed = true
      return Promise.resolve()
    },
  })
  const { answer, report } = await source.metrics(new URLSearchParams({ start_date: '7d' }))
  const { effectiveness, ...others } = answer as Record<string, unknown>
  expect(asked).toEqual(['start_date=7d'])
  expect(effectiveness).toEqual([one])
  // The keys are those of a proxy.
  expect(Object.keys(others)).toEqual(Object.keys(anAnswer()).filter((key) => key !== 'effectiveness'))
  expect(new Set(Object.values(others))).toEqual(new Set([null]))
  expect(report.effectiveness?.[0]?.from).toBe('claude-opus')
  await source.close()
  expect(isClosed).toBe(true)
})
