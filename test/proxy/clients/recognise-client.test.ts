import { describe, expect, it } from 'vitest'
import type { HeaderPairs } from '../../../src/core/http.ts'
import { knownClients } from '../../../src/proxy/clients/known-clients.ts'
import { clientShortName, recogniseClient } from '../../../src/proxy/clients/recognise-client.ts'

const nobody = { userAgent: null, headers: [], toolNames: [], systemStart: '' }

describe('recogniseClient', () => {
  it.each([
    ['claude-cli/2.1.197 (external, sdk-cli)', 'claude-code'],
    ['codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb', 'codex'],
    ['codex_cli_rs/0.38.0 (Ubuntu 24.04.2 LTS; x86_64) WindowsTerminal', 'codex'],
    ['codex-tui/0.120.0', 'codex'],
    ['GeminiCLI-tui/0.61.0/gemini-2.5-flash (linux; x64)', 'gemini-cli'],
    ['GeminiCLI/0.8.0/gemini-2.5-pro (darwin; arm64)', 'gemini-cli'],
    ['QwenCode/0.15.10 (linux; x64)', 'qwen-code'],
    ['RooCode/3.53.0', 'roo'],
    ['Cline/3.0.38', 'cline'],
    ['opencode/1.18.33 ai-sdk/openai-compatible/1.0.1 ai-sdk/provider-utils/3.0.0', 'opencode'],
    ['Cursor/1.7.0', 'cursor'],
    ['OpenAI/JS 6.49.0', 'openai-node'],
    ['AzureOpenAI/JS 6.49.0', 'openai-node'],
    ['OpenAI/Python 1.99.1', 'openai-python'],
    ['AsyncOpenAI/Python 1.99.1', 'openai-python'],
    ['AsyncAzureOpenAI/Python 1.99.1', 'openai-python'],
    ['Anthropic/JS 1.14.0', 'anthropic-sdk-node'],
    ['AsyncAnthropic/Python 0.60.0', 'anthropic-sdk-python'],
    ['google-genai-sdk/2.32.0 gl-node/v20.20.2', 'google-genai'],
    ['ai/6.0.326 ai-sdk/openai/3.0.14 ai-sdk/provider-utils/4.0.2 runtime/node.js/v20', 'ai-sdk'],
    ['curl/8.5.0', null],
    ['Mozilla/5.0 claude-cli/2.1', null],
    ['', null],
  ])('knows the user agent %s as %s', (userAgent, name) => {
    expect(recogniseClient({ ...nobody, userAgent })).toBe(name)
  })

  it.each<[HeaderPairs, string]>([
    [[['x-claude-code-session-id', 'a']], 'claude-code'],
    [[['originator', 'codex_exec']], 'codex'],
    [[['x-title', 'Cline']], 'cline'],
    [[['x-title', 'Roo Code']], 'roo'],
    [[['http-referer', 'https://github.com/RooVetGit/Roo-Cline']], 'roo'],
    [[['http-referer', 'https://aider.chat']], 'aider'],
    [[['http-referer', 'https://opencode.ai/']], 'opencode'],
    [[['x-goog-api-client', 'google-genai-sdk/1.30.0 gl-node/v20.20.2']], 'google-genai'],
  ])('knows the headers %j as %s', (headers, name) => {
    expect(recogniseClient({ ...nobody, headers })).toBe(name)
  })

  it.each([
    ["You are Claude Code, Anthropic's official CLI for Claude.", 'claude-code'],
    ['x-anthropic-billing-header: cc_version=2.1.197', 'claude-code'],
    ['You are Cline, a highly skilled software engineer', 'cline'],
    ['You are Roo, a highly skilled software engineer', 'roo'],
    ['Act as an expert software developer.', 'aider'],
    ['You are an AI coding assistant, powered by GPT-5. You operate in Cursor.', 'cursor'],
    ['You are a helpful assistant that knows Cline and Roo', null],
  ])('knows the system prompt "%s" as %s', (systemStart, name) => {
    expect(recogniseClient({ ...nobody, systemStart })).toBe(name)
  })

  it('knows an agent by its set of tools, but not by a part of it', () => {
    const toolNames = ['Task', 'Bash', 'Edit', 'Glob', 'Grep', 'Read', 'Write']
    expect(recogniseClient({ ...nobody, toolNames })).toBe('claude-code')
    expect(recogniseClient({ ...nobody, toolNames: ['Bash', 'Read'] })).toBeNull()
  })

  it('names the agent rather than the SDK in it', () => {
    const headers: HeaderPairs = [['x-title', 'Cline']]
    expect(recogniseClient({ ...nobody, userAgent: 'OpenAI/JS 5.12.2', headers })).toBe('cline')
    expect(recogniseClient({ ...nobody, userAgent: 'OpenAI/JS 5.12.2', systemStart: 'You are Roo,' })).toBe(
      'roo',
    )
  })

  it("believes an agent's headers before a prompt that it borrowed", () => {
    const systemStart = "You are Claude Code, Anthropic's official CLI for Claude."
    expect(recogniseClient({ ...nobody, userAgent: 'opencode/1.18.33', systemStart })).toBe('opencode')
  })
})

describe('the table of clients', () => {
  it('has unique names, and a short one for each', () => {
    const names = knownClients.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(clientShortName('claude-code')).toBe('claude')
    expect(clientShortName('something-else')).toBe('something-else')
  })

  it('has patterns without state, so that one request cannot change the next', () => {
    for (const { userAgent, headers = {}, systemStart } of knownClients) {
      for (const pattern of [userAgent, systemStart, ...Object.values(headers)]) {
        expect(pattern?.flags ?? '').not.toMatch(/[gy]/)
      }
    }
  })
})
