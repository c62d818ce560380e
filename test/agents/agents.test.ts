import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protocolNames } from '../../src/core/protocol-name.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'
import { marks, mockModel } from './mock-model.ts'
import { agents, installAgents } from './programs.ts'

/** The real agents through the built proxy, each to a mock of every protocol; the others' are what is new. */
const fakes = new Map<string, FakeProvider>()
let proxy: SpawnedProxy
beforeAll(async () => {
  installAgents()
  for (const protocol of protocolNames) fakes.set(protocol, await startFakeProvider())
  proxy = await spawnProxy({
    config: {
      backends: Object.fromEntries(
        protocolNames.map((protocol) => [
          protocol,
          {
            ...{ type: 'vllm', api_key: 'sk-provider-000000000000', protocols: [protocol] },
            api_url: `${fakes.get(protocol)?.url}/${protocol === 'gemini' ? 'v1beta' : 'v1'}`,
            models: ['m'],
          },
        ]),
      ),
    },
  })
}, 600_000)
afterAll(async () => {
  await proxy.stop()
  await Promise.all([...fakes.values()].map((fake) => fake.close()))
})

describe.each(agents)('$name', (agent) => {
  describe.each(protocolNames)('on a backend of %s', (protocol) => {
    it.each([
      ['one turn', 0, 'Say PONG.'],
      ['a tool call', 1, 'Run echo in your shell.'],
      ['two tool calls at once', 2, 'Run echo twice in your shell.'],
    ] as const)('%s', async (_turn, calls, prompt) => {
      const fake = fakes.get(protocol) as FakeProvider
      const faults: string[] = []
      const before = fake.requests.length
      fake.answer(mockModel(protocol, agent, calls, faults))
      const { exitCode, output } = await agent.run(`${proxy.url}/${protocol}`, agent.model, prompt)
      expect(output).toContain(calls === 0 ? 'PONG' : `DONE ${marks.slice(0, calls).join(' ')}`)
      expect(exitCode).toBe(0)
      expect(agent.protocol === protocol ? [] : faults).toEqual([])
      expect(fake.requests.length).toBeGreaterThan(before)
    })
  })
})
