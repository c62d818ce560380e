import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import Connect from '../../src/commands/connect.ts'
import { runCommand } from '../support/run-command.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A home of its own, with these files and programs; nothing of the machine that runs the test. */
function aHome(files: Record<string, string> = {}, programs: readonly string[] = []) {
  const home = tempFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(home, path, '..'), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  mkdirSync(join(home, 'bin'))
  for (const program of programs) {
    writeFileSync(join(home, 'bin', program), '')
    chmodSync(join(home, 'bin', program), 0o755)
  }
  const env = { HOME: home, PATH: join(home, 'bin') }
  return {
    home,
    connect: (argv: string[], more: NodeJS.ProcessEnv = {}) => runCommand(Connect, argv, { ...env, ...more }),
    read: (path: string) => readFileSync(join(home, path), 'utf8'),
  }
}

/** An address at which nothing listens. */
async function aFreeAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

test('prints lines for a shell on stdout, and talk on stderr only', async () => {
  const { connect } = aHome({ '.claude/.credentials.json': '{"claudeAiOauth":{}}' })
  const url = await aFreeAddress()
  const { stdout, stderr } = await connect(['claude', '--url', url])
  expect(stdout).toBe(`export ANTHROPIC_BASE_URL=${url}\n`)
  expect(stderr).toContain(`nothing answers at ${url} yet: start it with llmproxy serve`)
})

test('where calls leave through an HTTP proxy, those to this machine are kept from it', async () => {
  const { connect } = aHome()
  const out = { HTTP_PROXY: 'http://out:3128' }
  const line = 'export NO_PROXY=127.0.0.1,localhost,::1'
  expect((await connect(['codex', '--url', await aFreeAddress()], out)).stdout).toContain(`${line}\n`)
  expect((await connect(['codex', '--write'], out)).stderr).toContain(`  ${line}\n`)
})

test('alone it lists what is installed, connected and logged in', async () => {
  const { connect } = aHome({}, ['claude'])
  await connect(['claude', '--write'])
  const { stdout } = await connect([])
  const lines = stdout.split('\n')
  expect(lines[0]).toMatch(/^CLIENT +INSTALLED +CONNECTED +LOGIN$/)
  expect(lines.find((line) => line.startsWith('claude'))).toMatch(/^claude +yes +yes +not logged in$/)
  expect(lines.find((line) => line.startsWith('codex'))).toMatch(/^codex +no +— +not logged in$/)
  expect(lines.find((line) => line.startsWith('openai'))).toMatch(/^openai +— +— +no API key$/)
})

test('--write keeps what is in the settings and --undo brings back every byte', async () => {
  const before = '{ "theme": "dark",\n "env": {"A": "1"} }'
  const { connect, read, home } = aHome({ '.claude/settings.json': before })
  const written = await connect(['claude', '--write', '--api-key', 'lp_0123456789abcdef'])
  expect(JSON.parse(read('.claude/settings.json'))).toEqual({
    theme: 'dark',
    env: {
      A: '1',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8000',
      ANTHROPIC_AUTH_TOKEN: 'llmproxy',
      ANTHROPIC_CUSTOM_HEADERS: 'x-llmproxy-key: lp_0123456789abcdef',
    },
  })
  expect(written.stderr).toContain(join(home, '.claude/settings.json.before-llmproxy'))
  expect(written.stderr).toContain('connect claude --undo')
  await connect(['claude', '--undo'])
  expect(read('.claude/settings.json')).toBe(before)
})

test.each([
  ['codex', '.codex/config.toml', /^model_provider = "llmproxy"\n[\s\S]*\[model_providers\.llmproxy\]\n/],
  ['gemini', '.gemini/.env', /^GOOGLE_GEMINI_BASE_URL=http:\/\/127\.0\.0\.1:8000\n/],
  ['opencode', '.config/opencode/opencode.json', /"baseURL": "http:\/\/127\.0\.0\.1:8000\/v1beta"/],
  ['aider', '.aider.conf.yml', /openai-api-base: http:\/\/127\.0\.0\.1:8000\/v1\n[\s\S]*ANTHROPIC_API_BASE=/],
])('%s is set in its own file, which --undo removes where there was none', async (name, file, text) => {
  const { connect, read, home } = aHome()
  await connect([name, '--write'])
  expect(read(file)).toMatch(text)
  await connect([name, '--undo'])
  expect(existsSync(join(home, file))).toBe(false)
})

test('aider’s own list of variables keeps its items', async () => {
  const { connect, read } = aHome({ '.aider.conf.yml': '# mine\nset-env:\n  - X=1\n' })
  await connect(['aider', '--write'])
  expect(read('.aider.conf.yml')).toContain('# mine\nset-env:\n  - X=1\n  - ANTHROPIC_API_BASE=')
})

test.each<[string[], number, RegExp]>([
  [['openai', '--write'], 2, /openai package has no settings file[\s\S]*try: llmproxy connect openai/],
  [['claude', '--undo'], 3, /nothing to undo/],
  [['claude', '--write', '--undo'], 2, /--undo|--write/],
  [['--write'], 2, /which client\?/],
  [['claud'], 2, /claude, codex, gemini/],
  [['claude', '--url', 'localhost:8000'], 2, /--url must be an address/],
])('%j ends with %i and says why', async (argv, exitCode, words) => {
  const run = await aHome().connect(argv)
  expect(run.exitCode).toBe(exitCode)
  expect(run.stderr).toMatch(words)
  expect(run.stdout).toBe('')
})

test('Gemini CLI with a Google login is told that it cannot be measured, and nothing is written', async () => {
  const { connect, home } = aHome({
    '.gemini/settings.json': '{"security":{"auth":{"selectedType":"oauth-personal"}}}',
  })
  const shown = await connect(['gemini'])
  expect(shown.stdout).toBe('')
  expect(shown.stderr).toMatch(/Google[\s\S]*Use Gemini API key/)
  expect((await connect(['gemini', '--write'])).exitCode).toBe(3)
  expect(existsSync(join(home, '.gemini/.env'))).toBe(false)
})

test('the address comes from LLMPROXY_HOME’s configuration, and never from ./config.yaml', async () => {
  const { connect, home } = aHome({
    'llm/config.yaml': 'port: 9123\n',
    'work/config.yaml': 'port: 6666\nbackends: {}\n',
  })
  const before = process.cwd()
  process.chdir(join(home, 'work'))
  try {
    const { stdout } = await connect(['curl'], { LLMPROXY_HOME: join(home, 'llm') })
    expect(stdout).toContain('http://127.0.0.1:9123/v1/chat/completions')
  } finally {
    process.chdir(before)
  }
})

test('--json has the lines, the login and the settings file as data', async () => {
  const { connect, home } = aHome()
  const { stdout } = await connect(['gemini', '--json', '--url', await aFreeAddress()])
  expect(JSON.parse(stdout)).toMatchObject({
    client: 'gemini',
    login: 'no API key',
    unmeasured: null,
    settings_file: join(home, '.gemini/.env'),
  })
})
