/** How one client program is recognised. One match of any kind is enough. */
export interface KnownClient {
  /** As it stands in records and filters. */
  name: string
  /** For the line per exchange. */
  shortName: string
  /** An agent or editor says more than the SDK that it is built with, so it is looked for first. */
  kind: 'agent' | 'sdk'
  userAgent?: RegExp
  /** Header names in lower case; an empty pattern asks only whether the header is there. */
  headers?: Readonly<Record<string, RegExp>>
  /** How its system prompt begins, for when a gateway in between has replaced the headers. */
  systemStart?: RegExp
  /** Names of tools that together only this client offers. */
  tools?: readonly string[]
}

const present = /^/

export const knownClients: readonly KnownClient[] = [
  {
    name: 'claude-code',
    shortName: 'claude',
    kind: 'agent',
    userAgent: /^claude-(cli|code)\//,
    headers: { 'x-claude-code-session-id': present },
    systemStart: /^(x-anthropic-billing-header:|You are Claude Code\b)/,
    tools: ['Bash', 'Edit', 'Glob', 'Grep', 'Read', 'Write'],
  },
  {
    name: 'codex',
    shortName: 'codex',
    kind: 'agent',
    userAgent: /^codex[_-]/,
    headers: { originator: /^codex/i, 'x-codex-turn-metadata': present, 'x-codex-window-id': present },
    systemStart: /^You are (a coding agent running in the )?Codex\b/,
  },
  {
    name: 'gemini-cli',
    shortName: 'gemini',
    kind: 'agent',
    userAgent: /^GeminiCLI\b/,
  },
  {
    name: 'qwen-code',
    shortName: 'qwen',
    kind: 'agent',
    userAgent: /^QwenCode\//,
    systemStart: /^You are Qwen Code\b/,
  },
  {
    name: 'roo',
    shortName: 'roo',
    kind: 'agent',
    userAgent: /^RooCode\//,
    headers: { 'x-title': /^Roo Code$/, 'http-referer': /\/RooVetGit\/Roo-C/ },
    systemStart: /^You are Roo\b/,
  },
  {
    name: 'cline',
    shortName: 'cline',
    kind: 'agent',
    userAgent: /^Cline\//,
    headers: { 'x-title': /^Cline$/, 'http-referer': /^https:\/\/cline\.bot\b/ },
    systemStart: /^You are Cline\b/,
  },
  {
    name: 'aider',
    shortName: 'aider',
    kind: 'agent',
    userAgent: /^aider\//i,
    headers: { 'x-title': /^Aider$/i, 'http-referer': /^https:\/\/aider\.chat\b/ },
    systemStart: /^Act as an expert (software developer|code analyst|architect engineer)\b/,
  },
  {
    name: 'opencode',
    shortName: 'opencode',
    kind: 'agent',
    userAgent: /^opencode\//,
    headers: { 'x-title': /^opencode$/, 'http-referer': /^https:\/\/opencode\.ai\b/ },
    systemStart: /^You are opencode\b/i,
  },
  {
    name: 'cursor',
    shortName: 'cursor',
    kind: 'agent',
    userAgent: /^Cursor\//i,
    systemStart: /\boperate (exclusively )?in Cursor\b/,
  },
  {
    name: 'openai-node',
    shortName: 'openai-js',
    kind: 'sdk',
    userAgent: /^(Azure)?OpenAI\/JS\b/,
  },
  {
    name: 'openai-python',
    shortName: 'openai-py',
    kind: 'sdk',
    userAgent: /^(Async)?(Azure)?OpenAI\/Python\b/,
  },
  {
    name: 'anthropic-sdk-node',
    shortName: 'anthropic-js',
    kind: 'sdk',
    userAgent: /^Anthropic\/JS\b/,
  },
  {
    name: 'anthropic-sdk-python',
    shortName: 'anthropic-py',
    kind: 'sdk',
    userAgent: /^(Async)?Anthropic\/Python\b/,
  },
  {
    name: 'google-genai',
    shortName: 'genai',
    kind: 'sdk',
    userAgent: /^google-genai-sdk\//,
    headers: { 'x-goog-api-client': /^google-genai-sdk\// },
  },
  {
    name: 'ai-sdk',
    shortName: 'ai-sdk',
    kind: 'sdk',
    userAgent: /(^|\s)ai-sdk\//,
  },
]
