import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  Asker,
  type ClientShape,
  chatgptToken,
  claude,
  claudePlan,
  codex,
  geminiCli,
  loginOf,
} from '../credentials/clients.ts'
import { answerAs, hosts } from '../credentials/hosts.ts'
import { credentialsIn, leaks } from '../credentials/world.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { selfSigned } from './outbound/certificate.ts'
import { type ConnectProxy, startConnectProxy } from './outbound/connect-proxy.ts'

// The program as its users run it, with the providers' real names: only the way out is a test's.
const providers = hosts.filter(({ origin }) => origin.startsWith('https:'))
const fakes = new Map<string, FakeProvider>()
const folder = tempFolder()
const certificateFile = join(folder, 'authority.pem')
let wayOut: ConnectProxy

beforeAll(async () => {
  for (const host of providers) fakes.set(host.type, await startFakeProvider(answerAs(host)))
  const names = providers.map(({ origin }) => new URL(origin).hostname)
  const certificate = selfSigned(names)
  writeFileSync(certificateFile, certificate.cert)
  const ports = new Map(
    providers.map(({ type }, index) => [`${names[index]}:443`, fakes.get(type)?.port ?? 0]),
  )
  wayOut = await startConnectProxy(certificate, ports)
})
afterAll(async () => {
  await wayOut.close()
  await Promise.all([...fakes.values()].map((fake) => fake.close()))
})
beforeEach(() => {
  wayOut.tunnels.length = 0
  for (const fake of fakes.values()) fake.requests.length = 0
})

const openaiKey = keyOf('openai')
const anthropicKey = keyOf('anthropic')
const models = { anthropic: 'claude-opus-4-5', openai: 'gpt-5-codex', gemini: 'gemini-2.5-pro' }

test.each<[string, Record<string, string>]>([
  ['no variable', {}],
  ['only OPENAI_API_KEY', { OPENAI_API_KEY: openaiKey }],
  ['only ANTHROPIC_API_KEY', { ANTHROPIC_API_KEY: anthropicKey }],
  ['both variables', { OPENAI_API_KEY: openaiKey, ANTHROPIC_API_KEY: anthropicKey }],
])('with %s and no file, every client reaches its own provider over HTTPS', async (_, keys) => {
  const home = tempFolder()
  const program = startProgram(
    ['serve', '--port', '0'],
    {
      ...{ HOME: home, LLMPROXY_HOME: home, ...keys },
      ...{ HTTPS_PROXY: wayOut.url, NODE_EXTRA_CA_CERTS: certificateFile },
    },
    home,
  )
  const [, url = ''] = await program.says(/listens at (http:\S+)/)
  const client = new Asker(url)
  const ask = async (shape: ClientShape, loggedIn: boolean) => {
    const text = `${shape.name} ${loggedIn ? 'with' : 'without'} login.`
    const login = loggedIn ? loginOf(shape) : {}
    const answer = await client.ask(shape.spoken, { model: models[shape.provider], text, ...login })
    return { status: answer.status, at: whoSaw(text) }
  }
  try {
    for (const shape of [claudePlan, codex, geminiCli]) {
      const wanted = { [shape.provider]: credentialOf(shape) }
      expect(await ask(shape, true)).toEqual({ status: 200, at: wanted })
    }
    const missing = { status: 401, at: {} }
    expect(await ask(claude, false)).toEqual(
      keys.ANTHROPIC_API_KEY ? { status: 200, at: { anthropic: { 'x-api-key': anthropicKey } } } : missing,
    )
    expect(await ask(codex, false)).toEqual(
      keys.OPENAI_API_KEY
        ? { status: 200, at: { openai: { authorization: `Bearer ${openaiKey}` } } }
        : missing,
    )
    expect(await ask(geminiCli, false)).toEqual(missing)

    const plan = await client.ask('responses', {
      ...{ model: 'gpt-5-codex', text: 'ChatGPT plan.', prefix: '/chatgpt' },
      headers: { authorization: `Bearer ${chatgptToken}` },
    })
    expect({ status: plan.status, at: whoSaw('ChatGPT plan.') }).toEqual({
      status: 200,
      at: { chatgpt: { authorization: `Bearer ${chatgptToken}` } },
    })
    expect((await client.ask('chat', { model: 'demo:echo', text: 'on this machine' })).status).toBe(200)
  } finally {
    await client.close()
  }
  const hostsReached = new Set(wayOut.tunnels)
  expect([...hostsReached].sort()).toEqual([
    'api.anthropic.com:443',
    'api.openai.com:443',
    'chatgpt.com:443',
    'generativelanguage.googleapis.com:443',
  ])
  const secrets = [openaiKey, anthropicKey, claudePlan.login, codex.login, geminiCli.login, chatgptToken]
  expect(leaks(fakes, secrets, isItsOwn)).toEqual([])

  program.process.kill('SIGTERM')
  const { exitCode, stdout, stderr } = await program.ended
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  for (const secret of secrets) expect(stderr).not.toContain(secret)
})

test('a provider whose certificate nobody vouches for is not sent anything', async () => {
  const home = tempFolder()
  const env = { HOME: home, LLMPROXY_HOME: home, HTTPS_PROXY: wayOut.url }
  const program = startProgram(['serve', '--port', '0'], env, home)
  const [, url = ''] = await program.says(/listens at (http:\S+)/)
  const client = new Asker(url)
  try {
    const ask = { model: 'gpt-5-codex', text: 'unsafe', ...loginOf(codex) }
    const { status, text } = await client.ask('responses', ask)
    expect({ status, at: whoSaw('unsafe') }).toEqual({ status: 502, at: {} })
    expect(text).toMatch(/TLS to api\.openai\.com failed/)
  } finally {
    await client.close()
  }
})

/** By provider, what a request with this text was opened with. */
function whoSaw(text: string): Record<string, object> {
  const seen: Record<string, object> = {}
  for (const [type, { requests }] of fakes) {
    for (const request of requests) if (request.body.includes(text)) seen[type] = credentialsIn(request)
  }
  return seen
}

function credentialOf({ place, login }: ClientShape): Record<string, string> {
  return { [place]: place === 'authorization' ? `Bearer ${login}` : login }
}

function isItsOwn(type: string, secret: string): boolean {
  const own: Record<string, string[]> = {
    openai: [openaiKey, codex.login],
    anthropic: [anthropicKey, claudePlan.login],
    gemini: [geminiCli.login],
    chatgpt: [chatgptToken],
  }
  return own[type]?.includes(secret) === true
}

function keyOf(type: string): string {
  return hosts.find((host) => host.type === type)?.key ?? ''
}
