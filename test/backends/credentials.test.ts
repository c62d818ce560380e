import { describe, expect, it } from 'vitest'
import { type CallerContext, chooseCredential, clientCredential } from '../../src/backends/credentials.ts'
import { presets } from '../../src/backends/index.ts'
import type { BackendSettings } from '../../src/backends/settings.ts'
import type { HeaderPairs } from '../../src/core/http.ts'
import type { ProviderFamily } from '../../src/core/protocol.ts'
import { backendFor } from './backend-for.ts'

interface ClientShape {
  family: ProviderFamily
  headers: HeaderPairs
  url: string
  /** The presets, beside which nobody may get this credential. */
  belongsTo: string[]
}

const token = 'eyJhbGciOi.eyJzdWIi.c2ln'
const shapes: Record<string, ClientShape> = {
  'Claude Code with an API key': shape('anthropic', 'x-api-key', 'sk-ant-api03-PLANTED', ['anthropic']),
  'Claude Code with a plan': shape('anthropic', 'authorization', 'Bearer sk-ant-oat01-PLANTED', [
    'anthropic',
  ]),
  'Claude Code with an OpenRouter key': shape('anthropic', 'authorization', 'Bearer sk-or-v1-PLANTED', [
    'openrouter',
  ]),
  'an OpenAI SDK': shape('openai', 'authorization', 'Bearer sk-proj-PLANTED', ['openai']),
  'an OpenAI SDK with a Groq key': shape('openai', 'authorization', 'Bearer gsk_PLANTED', ['groq']),
  'an OpenAI SDK with an Anthropic key': shape('openai', 'authorization', 'Bearer sk-ant-PLANTED', [
    'anthropic',
  ]),
  'Codex with a plan': shape('openai', 'authorization', `Bearer ${token}`, ['chatgpt', 'azure']),
  'Gemini CLI': shape('gemini', 'x-goog-api-key', 'AIzaPLANTED', ['gemini']),
  'a Gemini user with ?key=': {
    family: 'gemini',
    headers: [],
    url: '/v1beta/models?key=AIzaPLANTED',
    belongsTo: ['gemini'],
  },
  'a Gemini user with a Google login': shape('gemini', 'authorization', 'Bearer ya29.PLANTED', ['gemini']),
  'an SDK with a placeholder': shape('openai', 'authorization', 'Bearer dummy', []),
  'an SDK with our own placeholder': shape('anthropic', 'x-api-key', 'llmproxy', []),
  'nobody in particular': { family: 'openai', headers: [], url: '/v1/x', belongsTo: [] },
}

function shape(family: ProviderFamily, header: string, value: string, belongsTo: string[]): ClientShape {
  return { family, headers: [[header, value]], url: '/v1/x', belongsTo }
}

const modes = ['proxy', 'client', 'client_first', 'none'] as const
const ourKey = 'OURS-of-the-proxy'

/** A backend of each preset, at its own host. */
function settingsOf(type: string, more: Partial<BackendSettings>): Partial<BackendSettings> {
  if (type === 'azure') return { api_url: 'https://r.openai.azure.com/openai/v1', ...more }
  // Nothing is vllm's own host; what the file trusts stands for it.
  if (type === 'vllm') return { api_url: 'http://vllm.test:8000/v1', trust_client_credentials: true, ...more }
  if (type === 'demo') return { trust_client_credentials: true, ...more }
  return more
}

const rows = presets.flatMap((preset) =>
  Object.entries(shapes).flatMap(([who, client]) =>
    modes.flatMap((mode) =>
      [false, true].flatMap((pinned) =>
        [true, false].map((hasKey) => ({ preset, who, client, mode, pinned, hasKey })),
      ),
    ),
  ),
)

describe('chooseCredential, over all presets, clients and modes', () => {
  it('has a row for every pair', () => {
    expect(rows.length).toBe(presets.length * Object.keys(shapes).length * modes.length * 4)
  })

  it.each(modes)('%s', (mode) => {
    let clients = 0
    for (const row of rows.filter((row) => row.mode === mode)) {
      const { preset, client, pinned, hasKey } = row
      const backend = backendFor(
        preset.type,
        settingsOf(preset.type, { credentials: mode, api_key: hasKey ? ourKey : '' }),
      )
      const sent = clientCredential(client.headers, client.url, null)
      const choice = chooseCredential(backend, sent, { family: client.family, pinned })

      // Said again in the words of the specification, beside the code's own.
      const reachable = pinned || preset.family === client.family
      const fits = client.belongsTo.includes(preset.type) || (preset.credentialForm === null && sent !== null)
      const itsOwn = (mode === 'client' || mode === 'client_first') && reachable && fits
      // A plan's login must not be moved to metered billing, so our key does not stand in for it.
      const plan = mode === 'client_first' && reachable && client.belongsTo.includes('chatgpt')
      const mayUseOurs = mode !== 'client' && hasKey && !(plan && preset.family === 'openai')
      const expected = mode === 'none' ? 'none' : itsOwn ? 'client' : mayUseOurs ? 'proxy' : 'missing'
      const about = `${preset.type} ${row.who} ${mode} pinned ${pinned} key ${hasKey}`
      expect(`${about}: ${choice.kind}`).toBe(`${about}: ${expected}`)

      if (choice.kind === 'client') {
        clients++
        expect(choice).toMatchObject({ value: sent?.value, hash: sent?.hash })
      }
      if (choice.kind === 'proxy') expect(choice.value).toBe(ourKey)
      if (choice.kind === 'missing') {
        expect(choice.message).toContain('provider key')
        expect(choice.message).toContain(preset.type)
        expect(choice.message).not.toMatch(/PLANTED|eyJ/)
      }
    }
    expect(clients > 0).toBe(mode === 'client' || mode === 'client_first')
  })
})

describe('a client that is logged in', () => {
  const choice = (
    name: string,
    who: string,
    settings: Partial<BackendSettings> = {},
    env: Record<string, string> = {},
    context: Partial<CallerContext> = {},
  ): object => {
    const client = shapes[who]!
    const backend = backendFor(name, settings, { env })
    const sent = clientCredential(client.headers, client.url, null)
    return chooseCredential(backend, sent, { family: client.family, pinned: false, ...context })
  }

  it('to a plan wins over a stray variable', () => {
    const env = { ANTHROPIC_API_KEY: 'sk-ant-stray' }
    expect(choice('anthropic', 'Claude Code with a plan', {}, env)).toMatchObject({
      kind: 'client',
      value: 'sk-ant-oat01-PLANTED',
      header: { name: 'authorization', prefix: 'Bearer ' },
    })
  })

  it('gets the key of the environment where it has none of its own', () => {
    const env = { OPENAI_API_KEY: 'sk-stray' }
    expect(choice('openai', 'an SDK with a placeholder', {}, env)).toMatchObject({
      kind: 'proxy',
      value: 'sk-stray',
    })
  })

  it('has its ?key= turned into a header', () => {
    expect(choice('gemini', 'a Gemini user with ?key=')).toMatchObject({
      kind: 'client',
      header: { name: 'x-goog-api-key', prefix: '' },
    })
  })

  it('is not betrayed to a foreign host', () => {
    const api_url = 'https://elsewhere.test/v1'
    expect(choice('openai', 'an OpenAI SDK', { api_url })).toMatchObject({
      kind: 'missing',
      message: expect.stringContaining('backends.openai.trust_client_credentials'),
    })
    expect(choice('openai', 'an OpenAI SDK', { api_url }, {}, { pinned: true })).toMatchObject({
      kind: 'missing',
    })
    expect(choice('openai', 'an OpenAI SDK', { api_url, trust_client_credentials: true })).toMatchObject({
      kind: 'client',
    })
  })

  it('keeps its credential on an instance of its own provider', () => {
    const api_url = 'https://eu.api.openai.com/v1'
    expect(choice('openai.eu', 'an OpenAI SDK', { api_url })).toMatchObject({ kind: 'client' })
  })
})

describe('what is missing', () => {
  const message = (
    name: string,
    headers: HeaderPairs,
    settings: Partial<BackendSettings> = {},
    context: CallerContext = { family: 'anthropic', pinned: false },
  ): string => {
    const choice = chooseCredential(backendFor(name, settings), clientCredential(headers, '/', null), context)
    return choice.kind === 'missing' ? choice.message : choice.kind
  }

  it.each([
    [
      'nothing sent',
      message('anthropic', []),
      'no provider key for anthropic: send your own in x-api-key, or set ANTHROPIC_API_KEY, or backends.anthropic.api_key in the configuration',
    ],
    [
      'an empty key in the file',
      message('openai', [], { api_key: '' }),
      'no provider key for openai: set OPENAI_API_KEY, or backends.openai.api_key in the configuration',
    ],
    [
      'another form',
      message('anthropic', [['x-api-key', 'sk-abc']]),
      'no provider key for anthropic: what you sent in x-api-key does not have the form of a provider key of anthropic; ' +
        'send your own in x-api-key, or set ANTHROPIC_API_KEY, or backends.anthropic.api_key in the configuration',
    ],
    [
      'another provider',
      message('openai', [['x-api-key', 'sk-ant-abc']]),
      'no provider key for openai: your own provider key in x-api-key goes only to the provider that your client speaks to; ' +
        'send your own in authorization as a Bearer token to /openai/v1, or set OPENAI_API_KEY, or backends.openai.api_key in the configuration',
    ],
    [
      'the login of a plan',
      message('chatgpt', [], {}, { family: 'openai', pinned: true }),
      'no provider key for chatgpt: send the token of your ChatGPT login in authorization as a Bearer token',
    ],
    [
      'a foreign host',
      message('lab', [], { api_url: 'https://lab.test/v1' }),
      'no provider key for lab: set backends.lab.api_key',
    ],
  ])('%s', (_case, said, expected) => {
    expect(said).toBe(expected)
  })
})

it('names the path of the plan that a login belongs to, rather than spend the provider key on it', () => {
  const { headers, url, family } = shapes['Codex with a plan']!
  const openai = backendFor('openai', {}, { env: { OPENAI_API_KEY: 'sk-stray' } })
  const choice = chooseCredential(openai, clientCredential(headers, url, null), { family, pinned: false })
  expect(choice).toMatchObject({ kind: 'missing', message: expect.stringContaining('/chatgpt/v1') })
})
