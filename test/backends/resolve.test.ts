import { describe, expect, it } from 'vitest'
import { BackendFaults } from '../../src/backends/faults.ts'
import type { BackendSettings } from '../../src/backends/settings.ts'
import { backendFor, backendNamed, backendsFrom, demoUrl } from './backend-for.ts'

const names = (backends: readonly { name: string }[]): string[] => backends.map(({ name }) => name)

function faultsOf(backends: Record<string, Partial<BackendSettings>>, env = {}): BackendFaults['faults'] {
  try {
    backendsFrom(backends, { env })
  } catch (error) {
    if (error instanceof BackendFaults) return error.faults
    throw error
  }
  throw new Error('no fault')
}

describe('which backends there are', () => {
  it('has those that a login opens, and demo, with no file and no variable', () => {
    expect(names(backendsFrom({}))).toEqual(['openai', 'anthropic', 'gemini', 'chatgpt', 'demo'])
    expect(backendsFrom({}).every((backend) => !backend.configured)).toBe(true)
  })

  it('adds presets whose key variable is set, and calls them configured', () => {
    const backends = backendsFrom(
      {},
      { env: { GROQ_API_KEY: 'gsk_1', MISTRAL_API_KEY: '  ', AZURE_OPENAI_API_KEY: 'a' } },
    )
    expect(names(backends)).toEqual(['openai', 'anthropic', 'gemini', 'chatgpt', 'groq', 'demo'])
    expect(backendNamed(backends, 'groq').configured).toBe(true)
    expect(backendNamed(backends, 'openai').configured).toBe(false)
  })

  it("puts configured ones first in the file's order, and adds of the rest only what is always there", () => {
    const backends = backendsFrom(
      {
        ollama: {},
        anthropic: { api_key: 'sk-ant-1' },
        mine: { type: 'openai', api_url: 'https://x.test/v1' },
      },
      { env: { GROQ_API_KEY: 'gsk_1' } },
    )
    expect(names(backends)).toEqual(['ollama', 'anthropic', 'mine', 'openai', 'gemini', 'chatgpt', 'demo'])
  })

  it('has no backend named by a type that has instances', () => {
    const backends = backendsFrom({
      'openai.us': {},
      'openai.eu': { api_url: 'https://eu.api.openai.com/v1' },
    })
    expect(names(backends)).toEqual(['openai.us', 'openai.eu', 'anthropic', 'gemini', 'chatgpt', 'demo'])
    expect(backends.slice(0, 2).map((backend) => backend.type)).toEqual(['openai', 'openai'])
  })

  it('takes a name it does not know, with a URL, as an OpenAI-compatible provider', () => {
    const backend = backendFor('lab', { api_url: 'https://lab.test/v1' })
    expect(backend).toMatchObject({
      type: 'lab',
      family: null,
      protocols: ['openai-chat'],
      credentialForm: null,
    })
    expect(backend.keyHeader).toEqual({ name: 'authorization', prefix: 'Bearer ' })
  })

  it('gives an unknown provider the key header of the protocol that it speaks', () => {
    const backend = backendFor('lab', { api_url: 'https://lab.test/v1', protocols: ['anthropic-messages'] })
    expect(backend.keyHeader.name).toBe('x-api-key')
    expect(backend.defaultHeaders).toEqual({ 'anthropic-version': '2023-06-01' })
  })

  it('puts demo where it listens', () => {
    expect(backendNamed(backendsFrom({}), 'demo')).toMatchObject({ apiUrl: demoUrl, credentials: 'none' })
  })
})

describe('whose credential by default', () => {
  const env = { OPENAI_API_KEY: ' sk-env\n' }

  it.each([
    ['key in the file', { api_key: 'sk-file' }, {}, 'proxy', 'sk-file'],
    ['key in the file and the environment', { api_key: 'sk-file' }, { env }, 'proxy', 'sk-file'],
    ['empty key in the file', { api_key: '' }, {}, 'proxy', null],
    ['empty key in the file, one in the environment', { api_key: ' ' }, { env }, 'proxy', null],
    ['key in the environment', {}, { env }, 'client_first', 'sk-env'],
    ['key in the environment, with access keys', {}, { env, accessKeysConfigured: true }, 'proxy', 'sk-env'],
    ['key in the environment, beyond loopback', {}, { env, loopback: false }, 'proxy', 'sk-env'],
    ['no key', {}, {}, 'client', null],
    ['no key beyond loopback', {}, { loopback: false }, 'client', null],
    ['client by the file', { credentials: 'client' }, { env }, 'client', null],
    ['client by the file, with a key', { credentials: 'client', api_key: 'sk-file' }, {}, 'client', null],
    [
      'client_first by the file',
      { credentials: 'client_first', api_key: 'sk-file' },
      {},
      'client_first',
      'sk-file',
    ],
    ['proxy by the file', { credentials: 'proxy' }, { env }, 'proxy', 'sk-env'],
    ['none by the file', { credentials: 'none' }, { env }, 'none', null],
  ] as const)('%s', (_case, settings, sources, credentials, apiKey) => {
    expect(backendFor('openai', settings, sources)).toMatchObject({ credentials, apiKey })
  })

  it.each(['ollama', 'lmstudio', 'llamacpp'])('%s needs none, and takes ours if it has one', (name) => {
    expect(backendFor(name)).toMatchObject({ credentials: 'none', apiKey: null })
    expect(backendFor(name, { api_key: '' })).toMatchObject({ credentials: 'none', apiKey: null })
    expect(backendFor(name, { api_key: 'k' })).toMatchObject({ credentials: 'proxy', apiKey: 'k' })
  })

  it('finds a Gemini key under both names, and the first wins', () => {
    const found = (env: Record<string, string>): string | null =>
      backendNamed(backendsFrom({}, { env }), 'gemini').apiKey
    expect(found({ GOOGLE_API_KEY: 'AIza-b' })).toBe('AIza-b')
    expect(found({ GOOGLE_API_KEY: 'AIza-b', GEMINI_API_KEY: 'AIza-a' })).toBe('AIza-a')
  })

  it("sends a key from the environment to the provider's own hosts only", () => {
    const at = (api_url: string): string | null => backendFor('openai', { api_url }, { env }).apiKey
    expect(at('https://api.openai.com/v1/')).toBe('sk-env')
    expect(at('https://API.openai.com:443/v1')).toBe('sk-env')
    expect(at('https://eu.api.openai.com/v1')).toBe('sk-env')
    expect(at('http://api.openai.com/v1')).toBeNull()
    expect(at('https://api.openai.com:8443/v1')).toBeNull()
    expect(at('https://eu.api.openai.com:8443/v1')).toBeNull()
    expect(at('https://api.openai.com.evil.test/v1')).toBeNull()
    expect(at('https://evilapi.openai.com/v1')).toBeNull()
    expect(at('http://127.0.0.1:8080/v1')).toBeNull()
  })

  it("knows Azure's resources by the ending of their host", () => {
    const at = (api_url: string): object =>
      backendFor('azure', { api_url }, { env: { AZURE_OPENAI_API_KEY: 'a' } })
    expect(at('https://r.openai.azure.com/openai/v1')).toMatchObject({ apiKey: 'a', atPresetHost: true })
    expect(at('https://r.openai.azure.com.evil.test/openai/v1')).toMatchObject({
      apiKey: null,
      atPresetHost: false,
    })
  })
})

describe('a backend', () => {
  it('has what the file says, in the units of the program', () => {
    const backend = backendFor('openai.eu', {
      api_url: 'https://eu.test/v1//',
      protocols: ['openai-chat'],
      headers: { 'X-Team': 'a' },
      models: ['m'],
      stream_usage: 'never',
      untranslatable: 'reject',
      passthrough: ['files'],
      on_client_disconnect: { drain_seconds: 1.5 },
      max_concurrent: 3,
      trust_client_credentials: true,
    })
    expect(backend).toMatchObject({
      name: 'openai.eu',
      type: 'openai',
      family: 'openai',
      apiUrl: 'https://eu.test/v1',
      atPresetHost: false,
      protocols: ['openai-chat'],
      headers: { 'x-team': 'a' },
      models: ['m'],
      streamUsage: 'never',
      untranslatable: 'reject',
      passthrough: ['files'],
      drainMs: 1500,
      maxConcurrent: 3,
      trustClientCredentials: true,
      configured: true,
    })
  })

  it('has the documented timeouts where no file names it', () => {
    expect(backendNamed(backendsFrom({}), 'openai')).toMatchObject({
      timeouts: {
        connectMs: 10_000,
        headersMs: 600_000,
        firstContentMs: 600_000,
        idleMs: 300_000,
        totalMs: 3_600_000,
        failoverMs: 60_000,
      },
      drainMs: null,
      maxConcurrent: null,
    })
  })

  it('keeps the query of its URL', () => {
    const api_url = 'https://r.openai.azure.com/openai/deployments/d/?api-version=2024-10-21'
    expect(backendFor('azure', { api_url }).apiUrl).toBe(
      'https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21',
    )
  })

  it('cannot be changed, to its last list', () => {
    const backend = backendFor('openai', { headers: { a: 'b' } })
    for (const part of [backend, ...Object.values(backend)]) {
      if (typeof part === 'object' && part !== null && !(part instanceof RegExp))
        expect(Object.isFrozen(part)).toBe(true)
    }
  })
})

describe('faults', () => {
  it('names the nearest type', () => {
    expect(faultsOf({ mine: { type: 'antropic', api_url: 'https://x.test' } })).toEqual([
      {
        path: 'backends.mine.type',
        message: expect.stringContaining('did you mean anthropic?'),
        nearest: 'anthropic',
      },
    ])
  })

  it('takes a name without type or URL for a slip', () => {
    const [fault] = faultsOf({ opnai: {} })
    expect(fault).toMatchObject({ path: 'backends.opnai.api_url', nearest: 'openai' })
  })

  it.each([
    ['azure', 'https://RESOURCE.openai.azure.com/openai/v1'],
    ['vllm', 'http://HOST:8000/v1'],
  ])('%s needs a URL, and the message shows one', (name, example) => {
    expect(faultsOf({ [name]: {} })).toEqual([
      { path: `backends.${name}.api_url`, message: expect.stringContaining(example) },
    ])
  })

  it('tells all at once, and no secret', () => {
    const faults = faultsOf({
      openai: { api_key: 'sk-planted\u0000' },
      anthropic: { api_url: 'https://me:planted@x.test/v1' },
      azure: {},
    })
    expect(faults.map(({ path }) => path)).toEqual([
      'backends.openai.api_key',
      'backends.anthropic.api_url',
      'backends.azure.api_url',
    ])
    expect(JSON.stringify(faults)).not.toContain('planted')
  })

  it('names the variable whose key no header can carry', () => {
    const [fault] = faultsOf({}, { GEMINI_API_KEY: 'AIza\u0001' })
    expect(fault?.path).toBe('GEMINI_API_KEY')
  })
})
