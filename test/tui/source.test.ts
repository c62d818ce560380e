import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiClient } from '../../src/cli/api-client.ts'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { proxySource } from '../../src/tui/source.ts'
import {
  closeWithoutAnswer,
  type FakeProvider,
  head,
  startFakeProvider,
  whole,
  write,
} from '../support/fake-provider.ts'
import { aSnapshot } from './a-snapshot.ts'

let proxy: FakeProvider
beforeAll(async () => {
  proxy = await startFakeProvider()
})
afterAll(() => proxy.close())

const ask = (signal = new AbortController().signal) =>
  proxySource(apiClient(proxy.url, undefined)).next(signal)

describe('a proxy as a source', () => {
  it('gives what it tells, and is called by its address', async () => {
    proxy.answer(whole(200, aSnapshot()))
    expect(await ask()).toEqual(aSnapshot())
    expect(proxySource(apiClient(proxy.url, undefined)).label).toBe(new URL(proxy.url).host)
  })

  it.each([
    ['something else', () => whole(200, { status: 'ok' }), 'is no llmproxy that top can read'],
    [
      'an answer that breaks off',
      () => [head(200, { 'content-length': '1000' }), write('{"version'), closeWithoutAnswer()],
      'no proxy answers at',
    ],
  ])('of %s says so', async (_, answer, words) => {
    proxy.answer(answer())
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringContaining(words),
      exitCode: exitCodes.notDone,
    })
  })

  it('is asked no more when that is enough', async () => {
    proxy.answer([])
    const stop = new AbortController()
    const asked = ask(stop.signal)
    stop.abort()
    await expect(asked).rejects.toThrow('no proxy answers at')
  })
})
