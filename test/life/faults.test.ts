import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Monitor } from '../../src/core/monitor.ts'
import { expectError, expectStreamError } from '../errors/error-shapes.ts'
import { backendsAt, beginningOf, protocolClients, streamOf } from '../errors/protocol-clients.ts'
import { generationCall } from '../errors/raw-call.ts'
import { expectAlive } from '../errors/refusal-table.ts'
import {
  closeWithoutAnswer,
  type FakeProvider,
  startFakeProvider,
  streamHead,
  write,
} from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

const hooks = ['opened', 'attempted', 'answered', 'passed', 'event', 'closed'] as const

/** A monitor that fails at every turn in its own way, and one after it that must see everything. */
function failing(how: () => unknown): { monitors: Monitor[]; seen: string[] } {
  const seen: string[] = []
  const broken = Object.fromEntries(hooks.map((hook) => [hook, how]))
  const watching = Object.fromEntries(hooks.map((hook) => [hook, () => void seen.push(hook)]))
  return {
    monitors: [
      { name: 'broken', ...broken },
      { name: 'watching', ...watching },
    ],
    seen,
  }
}

const manners: Record<string, () => unknown> = {
  'throws an Error': () => {
    throw new Error('a fault in a monitor')
  },
  'throws nothing at all': () => {
    throw undefined
  },
  'rejects later': () => Promise.reject(new Error('a late fault')),
}

describe.each(Object.keys(manners))('a monitor that %s', (manner) => {
  let provider: FakeProvider
  let proxy: TestProxy
  let seen: string[]

  beforeEach(async () => {
    provider = await startFakeProvider()
    const made = failing(manners[manner] as () => unknown)
    seen = made.seen
    proxy = await startTestProxy({
      config: { backends: backendsAt(provider.origin) },
      monitors: made.monitors,
    })
  })
  afterEach(async () => {
    await proxy.stop()
    await provider.close()
  })

  test.each(protocolClients)(
    'changes nothing for a client of $protocol, nor for other monitors',
    async (client) => {
      provider.answer(streamOf(client, ['one', ' two']))
      for (let call = 0; call < 2; call++) {
        const answer = await rawRequest(proxy.port, generationCall(client, { stream: true }))
        expect({ status: answer.status, text: answer.text, complete: answer.complete }).toEqual({
          ...{ status: 200, complete: true },
          text: client.frames(['one', ' two']).join(''),
        })
      }
      await expect.poll(() => seen.filter((hook) => hook === 'closed')).toHaveLength(2)
      expect(new Set(seen)).toEqual(new Set(hooks))
      await expectAlive(proxy.port)
    },
  )

  test.each(protocolClients)('changes no error that a client of $protocol gets', async (client) => {
    const broken = await rawRequest(proxy.port, generationCall(client, { body: '{' }))
    expectError(client.protocol, broken, {
      status: 400,
      code: 'bad_json',
      words: ['not JSON'],
      shouldRetry: false,
    })
    provider.answer([streamHead(), write(beginningOf(client, ['one'])), closeWithoutAnswer()])
    const cut = await rawRequest(proxy.port, generationCall(client, { stream: true }))
    const id = cut.headers['x-llmproxy-exchange'] ?? ''
    expectStreamError(client.protocol, cut.text, id, {
      ...{ status: 502, code: 'backend_closed', words: ['closed the connection'] },
    })
    await expect.poll(() => seen.filter((hook) => hook === 'closed')).toHaveLength(2)
    await expectAlive(proxy.port)
  })
})

test('a monitor that failed three times is off and named in the log', async () => {
  const provider = await startFakeProvider()
  const { monitors } = failing(manners['throws an Error'] as () => unknown)
  const proxy = await startTestProxy({ config: { backends: backendsAt(provider.origin) }, monitors })
  const [client] = protocolClients
  if (client) await rawRequest(proxy.port, generationCall(client))
  expect(proxy.log()).toContain('a monitor failed three times and is off')
  expect(proxy.log()).toContain('"monitor":"broken","reason":"a fault in a monitor"')
  expect(proxy.log()).not.toContain('"monitor":"watching"')
  await proxy.stop()
  await provider.close()
})
