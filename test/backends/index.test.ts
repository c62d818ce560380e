import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { presetHosts, presetOfType, presets } from '../../src/backends/index.ts'
import { protocolNames } from '../../src/core/protocol-name.ts'

describe('presets', () => {
  it('lists every file of the folder once', () => {
    const files = readdirSync(new URL('../../src/backends/presets/', import.meta.url))
    expect(presets.map((preset) => `${preset.type}.ts`).sort()).toEqual(files.sort())
  })

  it('has the kinds of provider that people use', () => {
    const types = 'openai anthropic gemini openrouter ollama azure chatgpt groq mistral deepseek xai together'
    for (const type of `${types} fireworks nvidia lmstudio llamacpp vllm demo`.split(' ')) {
      expect(presetOfType(type)?.type).toBe(type)
    }
    expect(presetOfType('nobody')).toBeUndefined()
  })

  it.each([
    ['openai', 'https://api.openai.com/v1'],
    ['anthropic', 'https://api.anthropic.com/v1'],
    ['gemini', 'https://generativelanguage.googleapis.com/v1beta'],
    ['openrouter', 'https://openrouter.ai/api/v1'],
    ['chatgpt', 'https://chatgpt.com/backend-api/codex'],
    ['groq', 'https://api.groq.com/openai/v1'],
    ['mistral', 'https://api.mistral.ai/v1'],
    ['deepseek', 'https://api.deepseek.com'],
    ['xai', 'https://api.x.ai/v1'],
    ['together', 'https://api.together.xyz/v1'],
    ['fireworks', 'https://api.fireworks.ai/inference/v1'],
    ['nvidia', 'https://integrate.api.nvidia.com/v1'],
    ['ollama', 'http://127.0.0.1:11434/v1'],
    ['lmstudio', 'http://127.0.0.1:1234/v1'],
    ['llamacpp', 'http://127.0.0.1:8080/v1'],
    ['azure', null],
    ['vllm', null],
  ])('%s is at %s', (type, apiUrl) => {
    expect(presetOfType(type)?.apiUrl).toBe(apiUrl)
  })

  it.each(presets.map((preset) => [preset.type, preset] as const))(
    '%s keeps the contract',
    (_type, preset) => {
      expect(preset.type).toMatch(/^[a-z]+$/)
      expect(preset.protocols.length).toBeGreaterThan(0)
      for (const protocol of preset.protocols) expect(protocolNames).toContain(protocol)
      if (preset.apiUrl !== null) {
        const { protocol, hostname } = new URL(preset.apiUrl)
        expect(preset.apiUrl).not.toMatch(/\/$/)
        // Only local servers do without TLS, and only they do without a key.
        expect(protocol === 'http:').toBe(preset.keyless)
        expect(hostname === '127.0.0.1').toBe(preset.keyless)
      }
      expect(preset.keyHeader.prefix).toBe(preset.keyHeader.name === 'authorization' ? 'Bearer ' : '')
      for (const ending of preset.hostEndings ?? []) expect(ending).toMatch(/^\.[a-z.]+\.[a-z]+$/)
      for (const variable of preset.keyVariables) expect(variable).toMatch(/^[A-Z_]+_API_KEY$/)
      expect(preset.credentialForm?.flags ?? '').toBe('')
    },
  )

  it('names each family after one preset, which other logins of that provider only join', () => {
    const families = presets.filter((preset) => preset.family !== null)
    expect(Object.fromEntries(families.map(({ type, family }) => [type, family]))).toEqual({
      openai: 'openai',
      anthropic: 'anthropic',
      gemini: 'gemini',
      chatgpt: 'openai',
    })
  })

  it('shares no key variable between two presets', () => {
    const variables = presets.flatMap((preset) => preset.keyVariables)
    expect(new Set(variables).size).toBe(variables.length)
  })

  it('asks no provider for stream usage that has refused it', () => {
    const never = presets.filter(
      (preset) => preset.streamUsage === 'never' && preset.protocols.includes('openai-chat'),
    )
    expect(never.map((preset) => preset.type)).toEqual(['openrouter', 'mistral', 'fireworks', 'nvidia'])
  })

  it('tells the hosts that a file may name without being asked for', () => {
    const hosts = presetHosts()
    expect(hosts).toContain('api.openai.com')
    expect(hosts).toContain('127.0.0.1:11434')
    expect(hosts.some((host) => host.includes('azure'))).toBe(false)
  })
})
