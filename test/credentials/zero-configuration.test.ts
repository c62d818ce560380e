import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ClientShape,
  chatgptToken,
  claude,
  claudePlan,
  codex,
  geminiCli,
  geminiInUrl,
  loginOf,
  openaiSdk,
} from './clients.ts'
import { hosts } from './hosts.ts'
import { credentialsIn, leaks, startWorld, type World } from './world.ts'

const openaiKey = keyOf('openai')
const anthropicKey = keyOf('anthropic')
const shapes = [claude, claudePlan, codex, openaiSdk, geminiCli, geminiInUrl]

/** What each client's provider gets without a login: our key, in its header. */
const oursAt: Record<string, Record<string, string>> = {
  openai: { authorization: `Bearer ${openaiKey}` },
  anthropic: { 'x-api-key': anthropicKey },
}
const ownOf = new Map<ClientShape, Record<string, string>>([
  [claude, { 'x-api-key': claude.login }],
  [claudePlan, { authorization: `Bearer ${claudePlan.login}` }],
  [codex, { authorization: `Bearer ${codex.login}` }],
  [openaiSdk, { authorization: `Bearer ${openaiSdk.login}` }],
  [geminiCli, { 'x-goog-api-key': geminiCli.login }],
  [geminiInUrl, { 'x-goog-api-key': geminiInUrl.login }],
])
const missing: Record<ClientShape['provider'], { type: string; words: string[] }> = {
  openai: { type: 'invalid_request_error', words: ['no provider key for openai', 'OPENAI_API_KEY'] },
  anthropic: { type: 'authentication_error', words: ['no provider key for anthropic', 'ANTHROPIC_API_KEY'] },
  gemini: { type: 'UNAUTHENTICATED', words: ['no provider key for gemini', 'GEMINI_API_KEY'] },
}

describe.each<[string, Record<string, string>]>([
  ['no variable', {}],
  ['only OPENAI_API_KEY', { OPENAI_API_KEY: openaiKey }],
  ['only ANTHROPIC_API_KEY', { ANTHROPIC_API_KEY: anthropicKey }],
  ['both variables', { OPENAI_API_KEY: openaiKey, ANTHROPIC_API_KEY: anthropicKey }],
])('without a file, %s', (_, env) => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ env })
  })
  afterAll(() => world.stop())
  const hasKey = (type: string) => Object.hasOwn(env, `${type.toUpperCase()}_API_KEY`)

  test.each(shapes)('$name, logged in, reaches its own provider with its own login', async (client) => {
    const text = `logged in: ${client.name}.`
    const { status } = await world.client.ask(client.spoken, { ...bare(client, text), ...loginOf(client) })
    expect(status).toBe(200)
    expect(world.reached(text)).toEqual([client.provider])
    expect(credentialsAt(world, client, text)).toEqual(ownOf.get(client))
    expect(leaks(others(world, client), [client.login])).toEqual([])
  })

  test.each([claude, codex, openaiSdk, geminiCli])(
    '$name, without a login, is helped by our key or told what is missing',
    async (client) => {
      const text = `no login: ${client.name}.`
      const answer = await world.client.ask(client.spoken, bare(client, text))
      if (hasKey(client.provider)) {
        expect(answer.status).toBe(200)
        expect(world.reached(text)).toEqual([client.provider])
        expect(credentialsAt(world, client, text)).toEqual(oursAt[client.provider])
        return
      }
      expect({ status: answer.status, reached: world.reached(text) }).toEqual({ status: 401, reached: [] })
      const { type, words } = missing[client.provider]!
      for (const word of words) expect(answer.text).toContain(word)
      const { error } = JSON.parse(answer.text) as { error: { type?: string; status?: string } }
      expect(error.type ?? error.status).toBe(type)
      expect(answer.headers['x-should-retry']).toBe('false')
    },
  )

  test("a ChatGPT plan's own token goes to ChatGPT by its pinned path, whatever key lies about", async () => {
    const text = 'ChatGPT plan.'
    const { status } = await world.client.ask('responses', {
      ...{ model: 'gpt-5-codex', text, prefix: '/chatgpt' },
      headers: { authorization: `Bearer ${chatgptToken}`, 'chatgpt-account-id': 'account-of-the-client' },
    })
    expect(status).toBe(200)
    expect(world.reached(text)).toEqual(['chatgpt'])
    const seen = world.fakes.get('chatgpt')?.requests.find(({ body }) => body.includes(text))
    expect(seen?.url).toBe('/backend-api/codex/responses')
    expect(seen?.headers).toMatchObject({
      authorization: `Bearer ${chatgptToken}`,
      'chatgpt-account-id': 'account-of-the-client',
    })
    const elsewhere = new Map([...world.fakes].filter(([type]) => type !== 'chatgpt'))
    expect(leaks(elsewhere, [chatgptToken, 'account-of-the-client'])).toEqual([])
  })

  test('each provider key was seen by its own provider at most, and no other host was asked', () => {
    const mayHave = (type: string, key: string) => hasKey(type) && keyOf(type) === key
    expect(leaks(world.fakes, [openaiKey, anthropicKey], mayHave)).toEqual([])
    const asked = [...world.fakes].filter(([, { requests }]) => requests.length > 0).map(([type]) => type)
    expect(asked.sort()).toEqual(['anthropic', 'chatgpt', 'gemini', 'openai'])
  })
})

test('a key variable of a further provider brings that one, and changes nothing for the others', async () => {
  const world = await startWorld({ env: { GROQ_API_KEY: keyOf('groq') } })
  try {
    const text = 'by name.'
    expect((await world.client.ask('chat', { model: 'groq:m', text })).status).toBe(200)
    expect(world.reached(text)).toEqual(['groq'])
    const bareText = 'bare.'
    expect((await world.client.ask('chat', { model: 'm', text: bareText })).status).toBe(401)
    expect(world.reached(bareText)).toEqual([])
    expect((await world.client.ask('chat', { model: 'xai:m', text: bareText })).status).toBe(401)
  } finally {
    await world.stop()
  }
})

function bare(client: ClientShape, text: string) {
  const models = { anthropic: 'claude-opus-4-5', openai: 'gpt-5-codex', gemini: 'gemini-2.5-pro' }
  return { model: models[client.provider], text }
}

function credentialsAt(world: World, client: ClientShape, text: string): Record<string, string> | undefined {
  const seen = world.fakes.get(client.provider)?.requests.filter(({ body }) => body.includes(text)) ?? []
  expect(seen).toHaveLength(1)
  return seen[0] && credentialsIn(seen[0])
}

function others({ fakes }: World, client: ClientShape) {
  return new Map([...fakes].filter(([type]) => type !== client.provider))
}

function keyOf(type: string): string {
  const host = hosts.find((one) => one.type === type)
  if (!host) throw new Error(`no host ${type}`)
  return host.key
}
