import { describe, expect, test } from 'vitest'
import type { Connection, Machine } from '../../../src/cli/clients/client.ts'
import { clients } from '../../../src/cli/clients/index.ts'
import { objectAt, stringAt } from '../../../src/core/json.ts'

const open: Connection = { url: 'http://127.0.0.1:8000', accessKey: null }
const guarded: Connection = {
  url: 'http://127.0.0.1:8000',
  accessKey: { value: 'lp_secret', variable: 'LLMPROXY_API_KEY' },
}

/** A machine with these variables and files; paths are below its home, `/home/me`. */
function aMachine(env: NodeJS.ProcessEnv = {}, files: Record<string, string> = {}): Machine {
  return { env, home: '/home/me', readText: (path) => files[path.replace('/home/me/', '')] ?? null }
}

function client(name: string) {
  const found = clients.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no client ${name}`)
  return found
}

test('the list holds the clients of the specification, in its order', () => {
  expect(clients.map(({ name }) => name)).toEqual(
    'claude codex gemini opencode aider openai anthropic genai curl'.split(' '),
  )
})

describe.each(clients.map((each) => [each.name, each] as const))('%s', (_, each) => {
  test('names the address of the proxy', () => {
    expect(each.lines(open, aMachine()).join('\n')).toContain('http://127.0.0.1:8000')
  })

  test('sends the access key without showing it where a variable holds it', () => {
    const lines = each.lines(guarded, aMachine()).join('\n')
    expect(lines).toContain('LLMPROXY_API_KEY')
    expect(lines).not.toContain('lp_secret')
  })

  test('names the access key that was given as a flag', () => {
    const connection = { ...open, accessKey: { value: 'lp_secret', variable: null } }
    expect(each.lines(connection, aMachine()).join('\n')).toContain('lp_secret')
  })
})

describe('Claude Code', () => {
  test.each<[string, NodeJS.ProcessEnv, Record<string, string>, string]>([
    ['nothing', {}, {}, 'not logged in'],
    ['an API key', { ANTHROPIC_API_KEY: 'sk-ant-x' }, {}, 'API key (ANTHROPIC_API_KEY)'],
    ['only our placeholder', { ANTHROPIC_AUTH_TOKEN: 'llmproxy' }, {}, 'not logged in'],
    [
      'a plan',
      {},
      { '.claude/.credentials.json': '{"claudeAiOauth":{"subscriptionType":"max"}}' },
      'Claude plan (max)',
    ],
    ['a plan in a keychain', {}, { '.claude.json': '{"oauthAccount":{}}' }, 'Claude account'],
    ['a broken file', {}, { '.claude/.credentials.json': '{' }, 'not logged in'],
  ])('with %s its login is told', (_, env, files, words) => {
    expect(client('claude').login(aMachine(env, files)).words).toBe(words)
  })

  test('a login of its own is left alone', () => {
    const machine = aMachine({}, { '.claude/.credentials.json': '{"claudeAiOauth":{}}' })
    expect(client('claude').lines(open, machine)).toEqual(['export ANTHROPIC_BASE_URL=http://127.0.0.1:8000'])
  })

  test('without a login it gets the placeholder, which the proxy counts as none', () => {
    expect(client('claude').lines(open, aMachine())).toContain('export ANTHROPIC_AUTH_TOKEN=llmproxy')
  })

  test('on Bedrock it cannot be measured', () => {
    expect(client('claude').login(aMachine({ CLAUDE_CODE_USE_BEDROCK: '1' })).unmeasured).toMatch(/Bedrock/)
  })
})

describe('Codex', () => {
  test('with a ChatGPT plan it takes the path of that backend and its own token', () => {
    const machine = aMachine({}, { '.codex/auth.json': '{"OPENAI_API_KEY":null,"tokens":{"id_token":"x"}}' })
    const [line] = client('codex').lines(open, machine)
    expect(line).toContain('base_url = "http://127.0.0.1:8000/chatgpt/v1"')
    expect(line).toContain('requires_openai_auth = true')
  })

  test('with an API key in its login it takes /v1', () => {
    const machine = aMachine({}, { '.codex/auth.json': '{"OPENAI_API_KEY":"sk-x"}' })
    expect(client('codex').lines(open, machine)[0]).toContain('base_url = "http://127.0.0.1:8000/v1"')
  })

  test('with an API key in the environment it reads that variable', () => {
    expect(client('codex').lines(open, aMachine({ OPENAI_API_KEY: 'sk-x' }))[0]).toContain(
      'env_key = "OPENAI_API_KEY"',
    )
  })

  test('the settings hold the access key itself, as Codex sends it', () => {
    const edits = client('codex').settings?.(guarded, aMachine()).edits
    expect(edits?.[1]?.value).toMatchObject({ http_headers: { 'x-llmproxy-key': 'lp_secret' } })
  })
})

describe('Gemini CLI', () => {
  test.each<[string, NodeJS.ProcessEnv, string, RegExp]>([
    ['in its settings', {}, '{"security":{"auth":{"selectedType":"oauth-personal"}}}', /Google/],
    ['in its older settings', {}, '{"selectedAuthType":"oauth-personal"}', /Google/],
    ['in the environment', { GOOGLE_GENAI_USE_GCA: 'true' }, '{}', /Google/],
    ['for Vertex AI', {}, '{"security":{"auth":{"selectedType":"vertex-ai"}}}', /Vertex/],
  ])('with a Google login %s it cannot be measured', (_, env, settings, words) => {
    const { unmeasured } = client('gemini').login(aMachine(env, { '.gemini/settings.json': settings }))
    expect(unmeasured).toMatch(words)
  })

  test('where no login is chosen, it is said what Gemini CLI makes of another address', () => {
    const machine = (settings: string) =>
      aMachine({ GEMINI_API_KEY: 'AIza' }, { '.gemini/settings.json': settings })
    const chosen = '{"security":{"auth":{"selectedType":"gemini-api-key"}}}'
    expect(client('gemini').notes(open, machine('{}'))).toEqual([
      expect.stringMatching(/choose "Use Gemini API key".*"Invalid auth method selected"/),
    ])
    expect(client('gemini').notes(open, machine(chosen))).toEqual([])
  })

  test('with an API key it only needs the address', () => {
    expect(client('gemini').lines(open, aMachine({ GEMINI_API_KEY: 'AIza' }))).toEqual([
      'export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8000',
    ])
  })

  test('an API key in its own .env counts', () => {
    const machine = aMachine({}, { '.gemini/.env': 'GEMINI_API_KEY="AIza"\n' })
    expect(client('gemini').login(machine).words).toBe('API key (GEMINI_API_KEY)')
  })
})

test('opencode gets a placeholder for each provider that it has no key of, without which it would not ask', () => {
  const files = {
    '.local/share/opencode/auth.json': '{"anthropic":{"type":"api"}}',
    '.config/opencode/opencode.json': '{"provider":{"google":{"options":{"apiKey":"AIza-x"}}}}',
  }
  const keysIn = (machine: Machine) => {
    const [line = ''] = client('opencode').lines(open, machine)
    const { provider } = JSON.parse(line.slice(line.indexOf("'") + 1, -1))
    return Object.entries(provider).map(([name, value]) => [
      name,
      stringAt(objectAt(value, 'options'), 'apiKey'),
    ])
  }
  expect(keysIn(aMachine({}, files))).toEqual([
    ['anthropic', undefined],
    ['openai', 'llmproxy'],
    ['google', undefined],
  ])
  expect(keysIn(aMachine({ OPENAI_API_KEY: 'sk-x' }))).toEqual([
    ['anthropic', 'llmproxy'],
    ['openai', undefined],
    ['google', 'llmproxy'],
  ])
})

test('opencode on a ChatGPT plan is told what is not measured', () => {
  const machine = aMachine({}, { '.local/share/opencode/auth.json': '{"openai":{"type":"oauth"}}' })
  expect(client('opencode').notes(open, machine).join()).toMatch(/not measured/)
})
