import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ClientShape,
  carried,
  chatgptToken,
  claude,
  codex,
  geminiCli,
  openaiSdk,
} from '../credentials/clients.ts'
import { hosts, keyVariables } from '../credentials/hosts.ts'
import {
  credentialsIn,
  everyBackend,
  leaks,
  noMonitoring,
  startWorld,
  type World,
} from '../credentials/world.ts'

const shapes = [claude, codex, openaiSdk, geminiCli]
const places = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', 'query']

/** What clients send where a key is demanded and they have none. */
const placeholders = [
  ...[
    'dummy',
    'EMPTY',
    'llmproxy',
    'none',
    'null',
    'not-needed',
    'sk-no-key-required',
    'sk-dummy',
    'sk-xxxx',
    'your-api-key',
  ],
  ...['xxxxxxxx', 'ollama', 'lm-studio', 'no_key', 'lp_0123456789abcdef0123456789abcdef01234567'],
]

/** Real keys of one provider, and the type of that one. */
const foreign: Record<string, string> = {
  'sk-ant-api03-Foreign0123456789abcdef': 'anthropic',
  'sk-ant-oat01-Foreign0123456789abcdef': 'anthropic',
  'sk-proj-Foreign0123456789abcdefghij': 'openai',
  'sk-or-v1-Foreign0123456789abcdefghij': 'openrouter',
  gsk_Foreign0123456789abcdefghij: 'groq',
  'xai-Foreign0123456789abcdefghij': 'xai',
  'nvapi-Foreign0123456789abcdefgh': 'nvidia',
  fw_Foreign0123456789abcdefghij: 'fireworks',
  tgp_v1_Foreign0123456789abcdef: 'together',
  AIzaForeign0123456789abcdefghijklmnopqr: 'gemini',
  'ya29.Foreign0123456789abcdefghij': 'gemini',
  [chatgptToken]: 'chatgpt',
}

/** A ChatGPT login in an OpenAI client's hands is that provider's own, for a plan instead of a key. */
function isPlanLogin(client: ClientShape, value: string): boolean {
  return value === chatgptToken && client.provider === 'openai'
}

const rows = shapes.flatMap((client) =>
  places.flatMap((place) =>
    [...placeholders, ...Object.keys(foreign)]
      .filter((value) => foreign[value] !== client.provider && !isPlanLogin(client, value))
      .map((value) => ({ client, place, value })),
  ),
)

describe.each([
  ['without a provider key', {}],
  ['with a provider key in the environment', keyVariables()],
] as const)('a login of a wrong form, %s', (_, env) => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ config: { ...noMonitoring, backends: everyBackend(() => ({})) }, env })
  })
  afterAll(() => world.stop())
  const ours = Object.keys(env).length > 0

  test('counts as none: it reaches no host', async () => {
    for (const [index, { client, place, value }] of rows.entries()) {
      const text = `wrong-${index}.`
      const answer = await world.client.ask(client.spoken, { model: 'm', text, ...carried(place, value) })
      const about = `${client.name}, ${value} in ${place}`
      const seen = world.fakes.get(client.provider)?.requests.find(({ body }) => body.includes(text))
      const got = { status: answer.status, reached: world.reached(text), sent: seen && credentialsIn(seen) }
      expect({ [about]: got }).toEqual({
        [about]: ours
          ? { status: 200, reached: [client.provider], sent: oursFor(client) }
          : { status: 401, reached: [], sent: undefined },
      })
      if (!ours && isUnmistakable(value)) expect(answer.text).not.toContain(value)
    }
    expect(leaks(world.fakes, [...placeholders, ...Object.keys(foreign)].filter(isUnmistakable))).toEqual([])
    console.log(`credentials: ${rows.length} logins of a wrong form, ${ours ? 'our key there' : 'no key'}`)
  }, 60_000)

  test('a login that fits another provider goes there by no selector, only by its pinned path', async () => {
    for (const { type, speaks, variable, keyless } of hosts) {
      for (const client of shapes.filter(
        ({ spoken, provider }) => speaks.includes(spoken) && provider !== type,
      )) {
        for (const [index, [value, owner]] of Object.entries(foreign).entries()) {
          if (isPlanLogin(client, value)) continue
          const text = `${client.name} with login ${index} at ${type}.`
          const ask = { model: `${type}:m`, text, ...carried(client.place, value) }
          const { status } = await world.client.ask(client.spoken, ask)
          const opened = keyless || (ours && variable !== undefined)
          expect({ [text]: status, reached: world.reached(text) }).toEqual(
            opened ? { [text]: 200, reached: [type] } : { [text]: 401, reached: [] },
          )
          if (owner !== type || keyless) continue
          const pinned = await world.client.ask(client.spoken, { ...ask, text: 'pinned', prefix: `/${type}` })
          expect(pinned.status).toBe(200)
        }
      }
    }
    const mayHave = (type: string, value: string) =>
      foreign[value] === type && pinnedRequests(world, type, value)
    expect(leaks(world.fakes, Object.keys(foreign), mayHave)).toEqual([])
  }, 60_000)

  test("a plan's login goes to the plan, and no provider key of ours stands in for it", async () => {
    const asked = (client: ClientShape, text: string) =>
      world.client.ask(client.spoken, { model: 'm', text, ...carried('authorization', chatgptToken) })
    expect((await asked(codex, 'plan by its own protocol.')).status).toBe(200)
    expect(world.reached('plan by its own protocol.')).toEqual(['chatgpt'])
    const chat = await asked(openaiSdk, 'plan by a protocol that it does not speak.')
    expect({ status: chat.status, reached: world.reached('plan by a protocol') }).toEqual({
      status: 200,
      reached: ['chatgpt'],
    })
  })

  test('the same on the pinned path of another provider than its own', async () => {
    const secrets = Object.keys(foreign)
    for (const { type, speaks } of hosts) {
      for (const client of shapes.filter(({ spoken }) => speaks.includes(spoken))) {
        for (const value of secrets) {
          for (const place of places) {
            const ask = { model: 'm', text: 'pinned', prefix: `/${type}`, ...carried(place, value) }
            await world.client.ask(client.spoken, ask)
          }
        }
      }
    }
    // Azure takes Entra's tokens, which look like ChatGPT's: the user who names it decides.
    const mayHave = (type: string, secret: string) =>
      foreign[secret] === type || (type === 'azure' && secret === chatgptToken)
    expect(leaks(world.fakes, secrets, mayHave)).toEqual([])
  }, 60_000)
})

/** Whether only those requests have the value whose text says that they were pinned. */
function pinnedRequests({ fakes }: World, type: string, value: string): boolean {
  const having = (fakes.get(type)?.requests ?? []).filter((request) =>
    Object.values(credentialsIn(request)).some((credential) => credential.endsWith(value)),
  )
  return having.every(({ body }) => body.includes('"pinned"'))
}

/** Words like `none` are in other texts as well. */
function isUnmistakable(value: string): boolean {
  return /\d{4}|[A-Z]{5}|-key/.test(value)
}

function oursFor({ provider }: ClientShape): Record<string, string> {
  const host = hosts.find(({ type }) => type === provider)
  if (!host) throw new Error(`no host ${provider}`)
  return { [host.keyHeader]: host.keyHeader === 'authorization' ? `Bearer ${host.key}` : host.key }
}
