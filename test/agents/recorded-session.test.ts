import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider, whole } from '../support/fake-provider.ts'
import { type SpawnedMock, spawnMock } from '../support/spawn-mock.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'
import { marks, mockModel } from './mock-model.ts'
import { type Agent, agents, installAgents } from './programs.ts'

/**
 * A session with tool calls of each real agent, recorded by the built proxy; then the same agent once more in another
 * folder, against `capture mock` instead of a proxy with a provider, and against a proxy in front of it.
 */
beforeAll(() => installAgents(), 600_000)

const prompt = 'Run echo twice in your shell.'
const said = `DONE ${marks.join(' ')}`

describe.each(agents)('$name', (agent) => {
  const captures = mkdtempSync(join(tmpdir(), 'llmproxy-captures-'))
  let mock: SpawnedMock
  beforeAll(async () => {
    await record(agent, captures)
    mock = await spawnMock(captures, '--speed', 'max')
  }, 200_000)
  afterAll(async () => {
    await mock.stop()
    rmSync(captures, { recursive: true, force: true })
  })

  it('does the same offline, answered by the mock', async () => {
    const before = mock.rows.length
    const { exitCode, output } = await agent.run(mock.url, agent.model, prompt)
    expect(misses(mock, before)).toEqual([])
    expect(output).toContain(said)
    expect(exitCode).toBe(0)
  })

  it('does the same through a proxy in front of a new mock', async () => {
    const behind = await spawnMock(captures, '--speed', 'max')
    const proxy = await startProxy(agent, behind.url)
    const { exitCode, output } = await agent.run(`${proxy.url}/recorded`, agent.model, prompt)
    await proxy.stop()
    const { exitCode: mockExitCode, sums } = await behind.stop()
    expect(misses(behind, 0)).toEqual([])
    expect(output).toContain(said)
    expect([exitCode, mockExitCode, sums.miss]).toEqual([0, 0, 0])
  })
})

function misses({ rows }: SpawnedMock, from: number) {
  expect(rows.length).toBeGreaterThan(from)
  return rows.slice(from).filter(({ result }) => result === 'miss' || result === 'refused')
}

async function record(agent: Agent, captures: string): Promise<void> {
  const fake: FakeProvider = await startFakeProvider()
  const proxy = await startProxy(agent, fake.url, { mode: 'all', output_dir: captures })
  const model = mockModel(agent.protocol, agent, 2, [])
  // The proxy looks whether its backend is there.
  fake.answer((request) =>
    request.method === 'POST' ? model(request) : whole(404, { error: { message: 'nothing here' } }),
  )
  const { exitCode, output } = await agent.run(`${proxy.url}/recorded`, agent.model, prompt)
  await proxy.stop()
  await fake.close()
  expect(output).toContain(said)
  expect(exitCode).toBe(0)
}

function startProxy(agent: Agent, provider: string, wire_capture = {}): Promise<SpawnedProxy> {
  return spawnProxy({
    config: {
      wire_capture,
      backends: {
        recorded: {
          ...{
            type: 'vllm',
            api_key: 'sk-provider-000000000000',
            protocols: [agent.protocol],
            models: ['m'],
          },
          api_url: `${provider}/${agent.protocol === 'gemini' ? 'v1beta' : 'v1'}`,
        },
      },
    },
  })
}
