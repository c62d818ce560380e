import { describe, expect, test } from 'vitest'
import type { Launch, Machine } from '../../../src/cli/clients/client.ts'
import { clients } from '../../../src/cli/clients/index.ts'
import { anyCommandEnv } from '../../../src/cli/run/any-command.ts'

const start = {
  ...{ url: 'http://127.0.0.1:8000', tags: 'project=web,run=r1', accessKey: 'lp_secret' as string | null },
  ...{ args: ['-p', 'hi'], cwd: '/project' },
}
const plan = { '/home/me/.claude/.credentials.json': '{"claudeAiOauth":{}}' }
const kept: Record<string, string> = {}

/** A machine with these variables and files, and what a client is started with there. */
function launched(
  name: string,
  env: NodeJS.ProcessEnv = {},
  files: Record<string, string> = {},
  more: Partial<typeof start> = {},
): Launch {
  const machine: Machine = { env, home: '/home/me', readText: (path) => files[path] ?? null }
  const keepFile = (file: string, text: string) => {
    kept[file] = text
    return `/tmp/${file}`
  }
  const launch = clients
    .find((each) => each.name === name)
    ?.launch?.({ ...start, ...more, keepFile }, machine)
  if (launch === undefined) throw new Error(`${name} is not started by itself`)
  return launch
}

test.each(['claude', 'codex', 'gemini', 'opencode'])('%s shows no access key in its arguments', (name) => {
  expect(launched(name).args.join(' ')).not.toContain('lp_secret')
})

describe('Claude Code', () => {
  test('is sent by its environment, with its own login', () => {
    expect(launched('claude', {}, plan)).toEqual({
      env: {
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:8000',
        ANTHROPIC_CUSTOM_HEADERS: 'x-llmproxy-key: lp_secret\nx-llmproxy-tags: project=web,run=r1',
      },
      args: ['-p', 'hi'],
    })
  })

  test('keeps its own headers, and none of ours from before', () => {
    const before = 'x-team: web\nX-LLMProxy-Key: lp_old'
    const { env } = launched('claude', { ANTHROPIC_CUSTOM_HEADERS: before }, plan, { accessKey: 'lp_new' })
    expect(env.ANTHROPIC_CUSTOM_HEADERS?.split('\n')).toEqual([
      'x-team: web',
      'x-llmproxy-key: lp_new',
      'x-llmproxy-tags: project=web,run=r1',
    ])
  })

  test.each([
    '/home/me/.claude/settings.json',
    '/project/.claude/settings.json',
    '/project/.claude/settings.local.json',
  ])('is given settings of its own where %s names another address', (file) => {
    const written = { env: { ANTHROPIC_BASE_URL: 'http://other', ANTHROPIC_CUSTOM_HEADERS: 'x-team: web' } }
    const { args } = launched('claude', {}, { ...plan, [file]: JSON.stringify(written) })
    expect(args).toEqual(['--settings', '/tmp/claude-settings.json', '-p', 'hi'])
    expect(JSON.parse(kept['claude-settings.json'] ?? '')).toEqual({
      env: {
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:8000',
        ANTHROPIC_CUSTOM_HEADERS:
          'x-team: web\nx-llmproxy-key: lp_secret\nx-llmproxy-tags: project=web,run=r1',
      },
    })
  })

  test.each([
    [['--settings', '{"model":"opus","env":{"A":"1"}}', '-p', 'hi']],
    [['-p', 'hi', '--settings={"model":"opus","env":{"A":"1"}}']],
    [['--settings', 'mine.json', '-p', 'hi']],
    [['--settings', '/project/mine.json', '-p', 'hi']],
  ])('keeps what %j gives it', (args) => {
    const files = {
      ...plan,
      '/home/me/.claude/settings.json': '{"env":{"ANTHROPIC_BASE_URL":"http://other"}}',
      '/project/mine.json': '{"model":"opus","env":{"A":"1"}}',
    }
    expect(launched('claude', {}, files, { args }).args).toEqual([
      '--settings',
      '/tmp/claude-settings.json',
      '-p',
      'hi',
    ])
    expect(JSON.parse(kept['claude-settings.json'] ?? '')).toMatchObject({
      model: 'opus',
      env: { A: '1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:8000' },
    })
  })

  test('without a login gets the placeholder', () => {
    expect(launched('claude').env).toMatchObject({ ANTHROPIC_AUTH_TOKEN: 'llmproxy' })
  })
})

describe('Codex', () => {
  test('is sent by flags before its own arguments', () => {
    const { env, args } = launched('codex', { OPENAI_API_KEY: 'sk-x' }, {}, { args: ['exec', 'hi'] })
    expect(env).toEqual({})
    expect(args.slice(0, 3)).toEqual(['-c', 'model_provider=llmproxy', '-c'])
    expect(args[3]).toBe(
      'model_providers.llmproxy={ name = "llmproxy", base_url = "http://127.0.0.1:8000/v1", wire_api = "responses", ' +
        'supports_websockets = false, env_key = "OPENAI_API_KEY", ' +
        'env_http_headers = { "x-llmproxy-key" = "LLMPROXY_API_KEY" }, ' +
        'http_headers = { "x-llmproxy-tags" = "project=web,run=r1" } }',
    )
    expect(args.slice(4)).toEqual(['exec', 'hi'])
  })

  test('with a ChatGPT plan goes its own path', () => {
    const files = { '/home/me/.codex/auth.json': '{"tokens":{}}' }
    expect(launched('codex', {}, files, { accessKey: null }).args[3]).toMatch(
      /base_url = "http:\/\/127\.0\.0\.1:8000\/chatgpt\/v1".*requires_openai_auth = true/,
    )
  })
})

describe('Gemini CLI', () => {
  const chosen = {
    '/home/me/.gemini/settings.json': '{"security":{"auth":{"selectedType":"gemini-api-key"}}}',
  }

  test('gets its own headers first: the commas of the tags must come last', () => {
    const before = { GEMINI_API_KEY: 'AIza-x', GEMINI_CLI_CUSTOM_HEADERS: 'x-team: web' }
    const { env, args } = launched('gemini', before, chosen)
    expect(env).toEqual({
      GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:8000',
      GEMINI_CLI_CUSTOM_HEADERS:
        'x-team: web, x-llmproxy-key: lp_secret, x-llmproxy-tags: project=web,run=r1',
    })
    expect(args).toEqual(start.args)
  })

  test('gets the placeholder where it has no key', () => {
    expect(launched('gemini', {}, chosen).env).toMatchObject({ GEMINI_API_KEY: 'llmproxy' })
  })
})

test('opencode keeps the settings that its environment had', () => {
  const before = { theme: 'dark', provider: { openai: { options: { timeout: 5 } } } }
  const { env } = launched('opencode', { OPENCODE_CONFIG_CONTENT: JSON.stringify(before) })
  const content = JSON.parse(env.OPENCODE_CONFIG_CONTENT ?? '')
  expect(content).toMatchObject({
    theme: 'dark',
    provider: {
      openai: {
        options: {
          timeout: 5,
          baseURL: 'http://127.0.0.1:8000/v1',
          headers: { 'x-llmproxy-key': '{env:LLMPROXY_API_KEY}', 'x-llmproxy-tags': 'project=web,run=r1' },
        },
      },
      google: { options: { baseURL: 'http://127.0.0.1:8000/v1beta' } },
    },
  })
})

describe('any other command', () => {
  const url = 'http://127.0.0.1:4000/secret'
  const env = (variables: NodeJS.ProcessEnv, files: Record<string, string> = {}) =>
    anyCommandEnv(url, { env: variables, home: '/home/me', readText: (path) => files[path] ?? null })

  test('gets the addresses that SDKs read, and placeholders for keys', () => {
    expect(env({})).toEqual({
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_BASE: `${url}/v1`,
      AIDER_OPENAI_API_BASE: `${url}/v1`,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_BASE: url,
      GOOGLE_GEMINI_BASE_URL: url,
      OPENAI_API_KEY: 'llmproxy',
      ANTHROPIC_API_KEY: 'llmproxy',
      GEMINI_API_KEY: 'llmproxy',
    })
  })

  test('keeps its own keys, and no placeholder stands before the plan of a client that it may start', () => {
    const keys = { OPENAI_API_KEY: 'sk-x', GOOGLE_API_KEY: 'AIza-x' }
    const names = Object.keys(env(keys, plan))
    expect(names.filter((name) => name.endsWith('_API_KEY'))).toEqual([])
  })
})
