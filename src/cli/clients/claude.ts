import { join } from 'node:path'
import { type Json, objectAt, stringAt } from '../../core/json.ts'
import { jsonFormat } from '../settings/json.ts'
import { launchClaude, withHeaderLines } from './claude-launch.ts'
import { accessHeader, type Client, type Login, type Machine, placeholder } from './client.ts'
import { readJson } from './read-json.ts'
import { exportHeaderLine, exportLine } from './shell.ts'

/** Providers that Claude Code reaches by their own protocols and addresses. */
const clouds = {
  CLAUDE_CODE_USE_BEDROCK: 'Amazon Bedrock',
  CLAUDE_CODE_USE_VERTEX: 'Google Vertex AI',
  CLAUDE_CODE_USE_FOUNDRY: 'Microsoft Foundry',
}

export const claude: Client = {
  name: 'claude',
  title: 'Claude Code',
  command: 'claude',
  install: 'npm install -g @anthropic-ai/claude-code',
  login,
  lines: ({ url, accessKey }, machine) => [
    exportLine('ANTHROPIC_BASE_URL', url),
    ...(login(machine).kind === 'none' ? [exportLine('ANTHROPIC_AUTH_TOKEN', placeholder)] : []),
    ...exportHeaderLine('ANTHROPIC_CUSTOM_HEADERS', accessKey),
  ],
  notes: (_, machine) =>
    login(machine).kind === 'none'
      ? ['Claude Code is not logged in: the proxy uses its own Anthropic provider key (ANTHROPIC_API_KEY)']
      : [],
  settings: ({ url, accessKey }, machine) => ({
    file: settingsFile(machine),
    format: () => jsonFormat,
    edits: [
      { path: ['env', 'ANTHROPIC_BASE_URL'], value: url },
      ...(login(machine).kind === 'none'
        ? [{ path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: placeholder }]
        : []),
      ...(accessKey === null
        ? []
        : [{ path: ['env', 'ANTHROPIC_CUSTOM_HEADERS'], value: withHeader(accessKey.value) }]),
    ],
  }),
  launch: (start, machine) =>
    launchClaude(start, machine, {
      settingsFile: settingsFile(machine),
      login: login(machine).kind === 'none' ? { ANTHROPIC_AUTH_TOKEN: placeholder } : {},
    }),
}

function login(machine: Machine): Login {
  const settings = readJson(machine, settingsFile(machine))
  const fromSettings = objectAt(settings, 'env') ?? {}
  const variable = (name: string) => machine.env[name] || stringAt(fromSettings, name)
  for (const [name, cloud] of Object.entries(clouds)) {
    if (/^(1|true)$/i.test(variable(name) ?? '')) {
      const unmeasured = `Claude Code uses ${cloud} (${name}), which this proxy does not speak; unset it to connect`
      return { words: cloud, kind: 'plan', unmeasured }
    }
  }
  const found = (words: string, kind: Login['kind']): Login => ({ words, kind, unmeasured: null })
  const token = variable('ANTHROPIC_AUTH_TOKEN')
  if (token && token !== placeholder) return found('token (ANTHROPIC_AUTH_TOKEN)', 'key')
  const key = variable('ANTHROPIC_API_KEY')
  if (key && key !== placeholder) return found('API key (ANTHROPIC_API_KEY)', 'key')
  if (variable('CLAUDE_CODE_OAUTH_TOKEN')) return found('Claude plan (CLAUDE_CODE_OAUTH_TOKEN)', 'plan')
  if (stringAt(settings, 'apiKeyHelper')) return found('API key (apiKeyHelper)', 'key')
  const plan = objectAt(readJson(machine, join(folder(machine), '.credentials.json')), 'claudeAiOauth')
  if (plan) return found(planWords(stringAt(plan, 'subscriptionType')), 'plan')
  // Where the credentials themselves are in a keychain, the account is still named here.
  const state = readJson(machine, join(machine.env.CLAUDE_CONFIG_DIR || machine.home, '.claude.json'))
  if (stringAt(state, 'primaryApiKey')) return found('API key (Anthropic Console)', 'key')
  if (objectAt(state, 'oauthAccount')) return found('Claude account', 'plan')
  return found('not logged in', 'none')
}

function planWords(subscription: string | undefined): string {
  return subscription === undefined ? 'Claude plan' : `Claude plan (${subscription})`
}

/** The user's own headers stay; one of ours from before goes. */
function withHeader(key: string) {
  return (present: Json | undefined): Json => {
    const before = typeof present === 'string' ? present : undefined
    return withHeaderLines(before, [[accessHeader, key]])
  }
}

function folder(machine: Machine): string {
  return machine.env.CLAUDE_CONFIG_DIR || join(machine.home, '.claude')
}

function settingsFile(machine: Machine): string {
  return join(folder(machine), 'settings.json')
}
