import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import CaptureReplay from '../../../src/commands/capture/replay.ts'
import { everyProtocol } from '../../capture/replay/recorded-run.ts'
import { everythingIn } from '../../capture/writer/read-capture.ts'
import { aCapture, edited } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import {
  chatAnswer,
  type FakeProvider,
  jsonBody,
  openaiError,
  startFakeProvider,
} from '../../support/fake-provider.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const key = 'sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'
const recordedKey = 'sk-ant-api03-QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'
const folder = tempFolder()
const messages = [{ role: 'user', content: 'hi' }]
const ask = (more: object = {}) => ({
  request: { model: 'claude-x', max_tokens: 1000, messages, ...more } as never,
})
/** Twelve calls of a client that speaks Anthropic's protocol, whose login is in the file in the clear. */
const file = captureFile(
  folder,
  'run.cbor',
  edited(
    aCapture(Array.from({ length: 12 }, () => ({ protocol: 'anthropic-messages' as const, ...ask() }))),
    (_, { exchanges }) => {
      for (const { request } of exchanges)
        request.headers.push(['x-api-key', recordedKey], ['authorization', `Bearer ${recordedKey}`])
    },
  ),
)

let provider: FakeProvider
let home: string
beforeEach(async () => {
  provider = await startFakeProvider(everyProtocol)
  onTestFinished(provider.close)
  home = tempFolder()
  writeFileSync(
    join(home, 'config.yaml'),
    stringify({
      backends: {
        mine: {
          type: 'openai',
          api_url: `${provider.url}/v1`,
          api_key: key,
          models: ['gpt-live'],
          protocols: ['openai-chat'],
        },
        logins: { type: 'anthropic', api_url: `${provider.url}/v1`, credentials: 'client' },
        keyless: { type: 'anthropic', api_url: `${provider.url}/v1`, credentials: 'proxy' },
      },
      // A prompt's million tokens are $10, an answer's $20.
      usage_tracking: { prices: { 'mine:gpt-live': { input: 10, output: 20 } } },
    }),
  )
})

const live = (...argv: string[]) =>
  runCommand(
    CaptureReplay,
    [file, '--live', '--backend', 'mine', '--config', join(home, 'config.yaml'), ...argv],
    { LLMPROXY_HOME: home },
  )
const target = ['--model', 'gpt-live']
const posts = () => provider.requests.filter(({ method }) => method === 'POST')
const rows = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('a replay to a provider', () => {
  it('without --yes-spend is a plan of who is asked, how much and for how much: 3, and nothing is sent', async () => {
    const { stdout, stderr, exitCode } = await live(...target)
    expect([exitCode, provider.connections]).toEqual([3, 0])
    const [head, titles, row, skipped] = stdout.split('\n')
    expect(head).toBe(`10 requests to 127.0.0.1:${provider.port}, one after the other`)
    expect(titles).toMatch(/MODEL +REQUESTS +PROMPT TOKENS +OUTPUT TOKENS +EST. COST/)
    // 10 times: up to 1000 tokens at $20, and a few of the prompt.
    expect(row).toMatch(/mine:gpt-live +10 +~\d+ +≤10.0k +\$0\.\d{4} – \$0\.20\d\d$/)
    expect(skipped).toBe('2 not sent: beyond the first 10 (--max-requests)')
    expect(stderr).toContain('nothing was sent: this is billed; say that it may be with --yes-spend')
  })

  it('as JSON, and with --dry-run, which is 0', async () => {
    const { stdout, exitCode } = await live(
      ...target,
      '--dry-run',
      '--json',
      '--max-requests',
      '3',
      '--max-output-tokens',
      '100',
    )
    expect([exitCode, provider.connections]).toEqual([0, 0])
    expect(rows(stdout)).toMatchObject([
      {
        ...{
          type: 'plan',
          mode: 'live',
          hosts: [`127.0.0.1:${provider.port}`],
          requests: 3,
          max_output_tokens: 300,
        },
        models: [
          { backend: 'mine', model: 'gpt-live', requests: 3, cost_high_usd: expect.closeTo(0.006, 2) },
        ],
      },
    ])
  })

  it('with it goes, in the words of the provider and with the key of the configuration only', async () => {
    const save = join(tempFolder(), 'live.cbor')
    const { stdout, stderr, exitCode, error } = await live(
      ...target,
      '--yes-spend',
      '--max-requests',
      '3',
      '--max-output-tokens',
      '64',
      '--save',
      save,
    )
    expect(error).toBeUndefined()
    expect(stderr).toContain(`3 requests to 127.0.0.1:${provider.port}, one after the other\n`)
    expect(posts()).toHaveLength(3)
    for (const request of posts()) {
      expect(request).toMatchObject({
        url: '/v1/chat/completions',
        headers: { authorization: `Bearer ${key}` },
      })
      expect(jsonBody(request)).toMatchObject({ model: 'gpt-live', max_completion_tokens: 64 })
      expect(JSON.stringify(request.rawHeaders)).not.toContain(recordedKey)
    }
    // It calls a tool, which the recorded one did not.
    expect(exitCode).toBe(1)
    expect(stdout).toContain('0 the same (structure), 3 different, 9 not sent\n')
    expect(stdout).toMatch(/choices\[0\].tool_calls\[0\]/)
    // 3 × (12 × $10 + 5 × $20) / 1,000,000
    expect(stdout).toContain('spent: $0.0007\n')
    const all = everythingIn([save]).toString('latin1')
    expect(all).toContain('gpt-live')
    expect(all).not.toContain(key)
    expect(all).not.toContain(recordedKey)
  })

  it('is the same where another model says as much', async () => {
    provider.answer(() => chatAnswer({ text: 'Hello you.' }))
    const { stdout, exitCode } = await live(...target, '--yes-spend', '--max-requests', '2', '--json')
    expect(exitCode).toBe(0)
    const [plan, first, , ...others] = rows(stdout)
    expect(plan).toMatchObject({ type: 'plan', requests: 2 })
    expect(first).toMatchObject({ type: 'exchange', verdict: 'skipped' })
    expect(others.at(-1)).toMatchObject({
      type: 'summary',
      mode: 'live',
      level: 'structure',
      same: 2,
      skipped: 10,
      cost_usd: expect.closeTo(0.00044, 4),
    })
  })

  it('stores nothing, and does not go on from what a provider keeps', async () => {
    const responses = captureFile(
      folder,
      `responses-${Date.now()}.cbor`,
      aCapture([
        {
          protocol: 'openai-responses',
          request: { model: 'm', input: 'a', store: true, background: true, max_output_tokens: 9 },
        },
        { protocol: 'openai-responses', request: { model: 'm', input: 'a', previous_response_id: 'resp_1' } },
      ]),
    )
    const { stdout } = await runCommand(
      CaptureReplay,
      [
        responses,
        '--live',
        '--backend',
        'mine',
        ...target,
        '--yes-spend',
        '--config',
        join(home, 'config.yaml'),
      ],
      { LLMPROXY_HOME: home },
    )
    expect(posts()).toHaveLength(1)
    expect(jsonBody(posts()[0]!)).not.toHaveProperty('background')
    expect(jsonBody(posts()[0]!).store ?? false).toBe(false)
    expect(stdout).toContain('not sent: it goes on from a response')
  })
})

describe('it stops', () => {
  it('before more is spent than may be: 3, with what was done', async () => {
    provider.answer(() => chatAnswer({ text: 'Hello you.', usage: { prompt: 100, completion: 1000 } }))
    // Each may cost a little over 2 cents, and does.
    const { stdout, exitCode } = await live(...target, '--yes-spend', '--max-cost', '0.07')
    expect(posts()).toHaveLength(3)
    expect(exitCode).toBe(3)
    expect(stdout).toContain('3 the same (structure), 9 not sent\n')
    expect(stdout).toContain('stopped: $0.0630 are spent, and the next request could cost up to $0.02')
  })

  it('before anything is sent where the price is not known', async () => {
    const { stderr, exitCode } = await live('--model', 'gpt-unpriced', '--yes-spend', '--max-cost', '1')
    expect([exitCode, provider.connections]).toEqual([3, 0])
    expect(stderr).toContain('--max-cost cannot be kept: mine:gpt-unpriced has no price')
    const { stdout } = await live('--model', 'gpt-unpriced')
    expect(stdout).toContain('price unknown')
  })

  it.each([401, 402])('at the first %i', async (status) => {
    provider.answer(openaiError(status))
    const { stdout, exitCode } = await live(...target, '--yes-spend')
    expect([exitCode, posts().length]).toEqual([1, 1])
    expect(stdout).toContain(`stopped: the provider answered ${status}\n`)
  })

  it('at the third 429 in a row', async () => {
    provider.answer(openaiError(429))
    const { stdout, exitCode } = await live(...target, '--yes-spend')
    expect(exitCode).toBe(1)
    expect(posts().length).toBeLessThanOrEqual(3)
    expect(stdout).toContain('stopped: the provider answered 429 3 times in a row\n')
  })
})

it.each([
  ['nobody', 'the configuration has no backend "nobody"'],
  ['mien', 'did you mean mine?'],
  ['logins', 'it takes only the login of its clients, and none is sent'],
  ['keyless', 'there is no provider key for it: set backends.keyless.api_key'],
])('%s cannot be asked: 2, before anything is sent', async (name, message) => {
  const { stderr, exitCode } = await runCommand(
    CaptureReplay,
    [file, '--live', '--backend', name, '--yes-spend', '--config', join(home, 'config.yaml')],
    { LLMPROXY_HOME: home },
  )
  expect([exitCode, provider.connections]).toEqual([2, 0])
  expect(stderr).toContain(message)
})

it('a proxy elsewhere is asked as a provider is: with a plan, limits, and its own access key', async () => {
  const argv = [
    file,
    '--live',
    '--against',
    provider.url,
    '--max-requests',
    '2',
    '--api-key',
    'lp_of-the-target',
  ]
  const run = (...more: string[]) =>
    runCommand(CaptureReplay, [...argv, ...more, '--config', join(home, 'config.yaml')], {
      LLMPROXY_HOME: home,
    })
  const plan = await run()
  expect([plan.exitCode, provider.connections]).toEqual([3, 0])
  const { stdout, exitCode } = await run('--yes-spend')
  expect(exitCode).toBe(1)
  expect(stdout).toContain('2 different, 10 not sent')
  expect(posts().map(({ url, headers }) => [url, headers['x-llmproxy-key'], headers['x-api-key']])).toEqual([
    ['/v1/messages', 'lp_of-the-target', undefined],
    ['/v1/messages', 'lp_of-the-target', undefined],
  ])
})
