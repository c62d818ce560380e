import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { RunStats } from '../../src/cli/run/figures.ts'
import { type FakeProvider, startFakeProvider, whole } from '../support/fake-provider.ts'
import { spawnProxy } from '../support/spawn-proxy.ts'
import { mockModel } from './mock-model.ts'
import { agents, binFolder, inHome, installAgents, program } from './programs.ts'

/**
 * `llmproxy run` with the real agents, through a proxy that runs and through one of its own: one turn each. None of
 * them is told an address but by `run`.
 */
interface RunAgent {
  name: string
  words: readonly string[]
  env: Record<string, string>
  /** Its settings, by paths below its home: they must stay as they are. */
  settings: Record<string, string>
}

const runAgents: readonly RunAgent[] = [
  {
    name: 'Claude Code',
    words: ['claude', '-p', 'hello', '--model', 'claude-sonnet-4-5'],
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
    // An address of before, which Claude Code puts above its environment.
    settings: {
      '.claude/settings.json':
        '{"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:1","ANTHROPIC_AUTH_TOKEN":"sk-ant-agents-0000"}}',
    },
  },
  {
    name: 'Codex',
    words: ['codex', 'exec', '--skip-git-repo-check', 'hello'],
    env: { OPENAI_API_KEY: 'sk-agents-00000000000000' },
    settings: { '.codex/config.toml': 'model = "gpt-5.1-codex"\ncheck_for_update_on_startup = false\n' },
  },
  {
    name: 'Gemini CLI',
    words: ['gemini', '-m', 'gemini-2.5-flash', '--skip-trust', '-p', 'hello'],
    env: {
      ...{ GEMINI_API_KEY: 'AIza-agents-000000000000', GEMINI_CLI_NO_RELAUNCH: 'true' },
      GEMINI_TELEMETRY_ENABLED: 'false',
    },
    settings: {
      '.gemini/settings.json':
        '{"security":{"auth":{"selectedType":"gemini-api-key"}},"privacy":{"usageStatisticsEnabled":false}}',
    },
  },
]

let fake: FakeProvider
beforeAll(async () => {
  installAgents()
  fake = await startFakeProvider()
}, 600_000)
afterAll(() => fake.close())

describe.each(runAgents)('llmproxy run with $name', (agent) => {
  it('goes through the proxy that runs', () =>
    inHome(async (home) => {
      const proxy = await spawnProxy({ config: configFor(agent) })
      const output = await runOnce(agent, home, { LLMPROXY_URL: proxy.url })
      expect(output).toContain(`goes through the proxy at ${proxy.url}`)
      const answer = await fetch(`${proxy.url}/v1/usage/stats?tag=${runTag(output)}`)
      expect(output).toContain(closingLine(JSON.parse(await answer.text())))
      await proxy.stop()
    }))

  it('goes through a proxy of its own', () =>
    inHome(async (home) => {
      const data = join(home, 'llmproxy')
      mkdirSync(data)
      // Nothing may listen where it looks for one that runs.
      writeFileSync(join(data, 'config.yaml'), stringify({ port: 1, ...configFor(agent) }))
      const output = await runOnce(agent, home, { LLMPROXY_HOME: data })
      expect(output).toContain('goes through a proxy of its own')
      const words = ['usage', 'stats', '--json', '--tag', runTag(output), '--file', join(data, 'usage.db')]
      const stats = await program(home, process.execPath, [join(process.cwd(), 'bin/run.js'), ...words], {})
      expect(output).toContain(closingLine(JSON.parse(stats.output)))
    }))
})

/** What it and the agent wrote; checked: the answer, the exit code, and that its settings are as they were. */
async function runOnce(agent: RunAgent, home: string, env: Record<string, string>): Promise<string> {
  const files = Object.entries(agent.settings).map(([path, text]) => {
    const file = join(home, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  })
  const before = files.map(hash)
  const known = agents.find(({ name }) => name === agent.name)
  if (known === undefined) throw new Error(`no agent ${agent.name}`)
  const model = mockModel(known.protocol, known, 0, [])
  fake.answer((request) =>
    request.method === 'POST' ? model(request) : whole(404, { error: { message: 'nothing here' } }),
  )
  const { exitCode, output } = await program(
    home,
    process.execPath,
    [join(process.cwd(), 'bin/run.js'), 'run', ...agent.words],
    { PATH: `${binFolder}:${process.env.PATH}`, ...agent.env, ...env },
  )
  expect(output).toContain('PONG')
  expect(exitCode).toBe(0)
  expect(files.map(hash)).toEqual(before)
  return output
}

function hash(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** Whatever model is asked for is that of the fake provider, in the agent's own protocol. */
function configFor({ name }: RunAgent) {
  const protocol = agents.find((agent) => agent.name === name)?.protocol
  return {
    model_aliases: [{ pattern: '*', replacement: 'recorded:m' }],
    backends: {
      recorded: {
        ...{ type: 'vllm', api_key: 'sk-provider-000000000000', protocols: [protocol], models: ['m'] },
        api_url: `${fake.url}/${protocol === 'gemini' ? 'v1beta' : 'v1'}`,
      },
    },
    usage_tracking: { prices: { 'recorded:m': { input: 30_000, output: 150_000 } } },
  }
}

function runTag(output: string): string {
  const tag = /usage recent --tag (run=\w+)/.exec(output)?.[1]
  if (tag === undefined) throw new Error(`no tag in ${output}`)
  return tag
}

/** How the closing line begins, by what the ledger has. */
function closingLine(stats: RunStats): string {
  const { request_count: count, billed_prompt_tokens: prompt, billed_completion_tokens: completion } = stats
  expect(count).toBeGreaterThan(0)
  expect(stats.total_cost).toBeGreaterThan(0)
  const usd = stats.total_cost.toFixed(stats.total_cost < 1 ? 4 : 2)
  return `llmproxy: ${count} ${count === 1 ? 'request' : 'requests'} · ${prompt}→${completion} tokens · cost $${usd}`
}
