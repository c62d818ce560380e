import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { apiClient } from '../../../src/cli/api-client.ts'
import { thisMachine } from '../../../src/cli/connect/machine.ts'
import { settledStats } from '../../../src/cli/run/figures.ts'
import { runClient } from '../../../src/cli/run/run-client.ts'
import { carryProxy } from '../../../src/cli/serve/carry-proxy.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { startProxy } from '../../../src/server/compose.ts'
import { fakeClient } from '../../support/fake-client.ts'
import { startTestProxy, type TestProxy, type TestProxyOptions } from '../../support/start-proxy.ts'
import { tempFolder } from '../../support/temp-folder.ts'

interface RunOptions {
  flags?: { url?: string; 'api-key'?: string }
  env?: NodeJS.ProcessEnv
  command?: string
}

/** A folder called "my, project" with a client in it, and what a run of it says. */
function aClient() {
  const home = tempFolder()
  const cwd = join(home, 'my, project')
  mkdirSync(cwd)
  const { args, report } = fakeClient(cwd)
  const said: string[] = []
  async function run(
    clientArgs: readonly string[],
    { flags = {}, command = process.execPath, ...more }: RunOptions = {},
  ) {
    const env = { PATH: process.env.PATH, HOME: home, LLMPROXY_HOME: home, ...more.env }
    const load = () =>
      loadConfig({
        env,
        cwd,
        implicit: false,
        knownHosts: [],
        flags: { port: 0, 'health_check.enabled': false },
      })
    const signals = new EventEmitter()
    return await runClient({
      ...{
        command,
        args: clientArgs,
        flags,
        env,
        cwd,
        machine: thisMachine(env),
        signals,
        isTerminal: false,
      },
      say: (line) => void said.push(line),
      // Where no proxy is: a port that nobody may listen at.
      configured: () => Promise.resolve({ host: '127.0.0.1', port: 1 }),
      carry: () =>
        carryProxy({
          load,
          start: startProxy,
          process: { ...signals, env, stderr: process.stderr, on: signals.on, off: signals.off } as never,
        }),
    })
  }
  return { args, report, run, said, tag: () => /run=\w+/.exec(said.join('\n'))?.[0] ?? '' }
}

async function aProxy(options: TestProxyOptions) {
  const proxy = await startTestProxy({ ledger: true, ...options })
  onTestFinished(() => proxy.stop())
  return proxy
}

let proxy: TestProxy
beforeAll(async () => {
  proxy = await startTestProxy({ ledger: true })
})
afterAll(() => proxy.stop())

test('through the proxy that runs, its figures are those of the ledger, and the exit code is the client’s', async () => {
  const { args, report, run, said, tag } = aClient()
  expect(await run(args(3, 7, '--help'), { flags: { url: proxy.url } })).toBe(7)
  expect(report()).toMatchObject({ args: ['--help'], statuses: [200, 200, 200] })

  const stats = await settledStats(apiClient(proxy.url, undefined), tag())
  expect(stats.request_count).toBe(3)
  expect(said).toEqual([
    expect.stringContaining(`goes through the proxy at ${proxy.url}`),
    expect.stringMatching(
      new RegExp(
        `^llmproxy: 3 requests · ${stats.billed_prompt_tokens}→${stats.billed_completion_tokens} tokens · cost — \\(3 without a price\\) · longest wait \\d+ ms · no issues$`,
      ),
    ),
    expect.stringMatching(/^ {2}each of them: llmproxy usage recent --tag run=r\w{12} --url http\S+$/),
  ])
})

test('each exchange carries the folder’s name, and no other does', async () => {
  const { args, report, run, tag } = aClient()
  await run(args(1, 0), { env: { LLMPROXY_URL: proxy.url } })
  const answer = await fetch(`${proxy.url}/v1/usage/records/${report().exchanges[0]}`)
  expect(await answer.json()).toMatchObject({
    tags: { project: 'my%2C project', run: tag().slice('run='.length) },
  })
})

test('where none runs, one is carried until the client ends', async () => {
  const { args, report, run, said } = aClient()
  expect(await run(args(2, 0))).toBe(0)
  const { env, statuses } = report()
  expect(statuses).toEqual([200, 200])
  expect(said[0]).toContain(`goes through a proxy of its own at ${env.LLMPROXY_URL}`)
  expect(said[1]).toMatch(/^llmproxy: 2 requests · 4→10 tokens · /)
  await expect(fetch(`${env.LLMPROXY_URL}/healthz`)).rejects.toThrow()
})

test('an access key opens the proxy beside the client’s own login, and is in no address', async () => {
  const key = 'lp_0123456789abcdef'
  const guarded = await aProxy({ config: { auth: { api_keys: [key] } } })
  const { args, report, run, said } = aClient()
  const own = { OPENAI_API_KEY: 'sk-own-0123456789abcdef' }
  await run(args(1, 0), { flags: { url: guarded.url, 'api-key': key }, env: own })
  const { env, statuses } = report()
  expect(statuses).toEqual([200])
  expect(env).toMatchObject({ ...own, LLMPROXY_API_KEY: key })
  expect(env.OPENAI_BASE_URL).not.toContain(key)
  expect(said[1]).toMatch(/^llmproxy: 1 request · /)
})

test('without the access key that the proxy wants, the client is not started', async () => {
  const guarded = await aProxy({ config: { auth: { api_keys: ['lp_0123456789abcdef'] } } })
  const { args, report, run } = aClient()
  await expect(run(args(1, 0), { flags: { url: guarded.url } })).rejects.toMatchObject({ exitCode: 3 })
  expect(report).toThrow(/ENOENT/)
})

test('a proxy that was named and does not answer is not replaced by one of its own', async () => {
  const { args, run } = aClient()
  await expect(run(args(1, 0), { flags: { url: 'http://127.0.0.1:1' } })).rejects.toMatchObject({
    exitCode: 3,
    message: 'no proxy answers at http://127.0.0.1:1',
  })
})

test('without any request it says so, and what the client must read', async () => {
  const { args, run, said } = aClient()
  await run(args(0, 0), { flags: { url: proxy.url } })
  expect(said[1]).toMatch(/^llmproxy: no request of .* went through it$/)
  expect(said[2]).toContain('OPENAI_BASE_URL, ANTHROPIC_BASE_URL or GOOGLE_GEMINI_BASE_URL')
})

test('on a proxy without a ledger there are no figures, and the client runs', async () => {
  const without = await aProxy({ ledger: false })
  const { args, report, run, said } = aClient()
  expect(await run(args(1, 0), { flags: { url: without.url } })).toBe(0)
  expect(report().statuses).toEqual([200])
  expect(said[1]).toContain('keeps no usage records')
})

test.each([
  ['claude', /^Claude Code is not installed$/, ['npm install -g @anthropic-ai/claude-code']],
  ['cluade', /^there is no command cluade in the PATH; did you mean claude\?$/, []],
  ['no-such-thing', /^there is no command no-such-thing in the PATH$/, []],
  ['./no-such-thing', /^\.\/no-such-thing could not be started: there is no such command$/, []],
])('%s that is not there ends as in a shell, and says how to install it', async (command, message, tries) => {
  const { run } = aClient()
  const failed = run([], { command, flags: { url: proxy.url }, env: { PATH: '/nowhere' } })
  await expect(failed).rejects.toMatchObject({
    exitCode: 127,
    message: expect.stringMatching(message),
    tries,
  })
})

test('Gemini CLI with a Google login is not started: nothing of it could be measured', async () => {
  const { run } = aClient()
  const failed = run([], { command: 'gemini', env: { GOOGLE_GENAI_USE_GCA: 'true' } })
  await expect(failed).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('Use Gemini API key'),
  })
})
