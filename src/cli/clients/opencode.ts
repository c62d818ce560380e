import { join } from 'node:path'
import { objectAt, stringAt } from '../../core/json.ts'
import { jsonFormat } from '../settings/json.ts'
import {
  type AccessKey,
  accessHeader,
  accessKeyVariable,
  type Client,
  type Login,
  type Machine,
  placeholder,
  tagsHeader,
} from './client.ts'
import { readJson } from './read-json.ts'
import { exportLine } from './shell.ts'

/** The providers that opencode reaches by the protocols spoken here, and what follows the proxy's address. */
const paths = { anthropic: '/v1', openai: '/v1', google: '/v1beta' } as const
type Provider = keyof typeof paths
const providers = Object.keys(paths) as Provider[]

const keyVariables: Readonly<Record<Provider, readonly string[]>> = {
  anthropic: ['ANTHROPIC_API_KEY'],
  openai: ['OPENAI_API_KEY'],
  google: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
}

export const opencode: Client = {
  name: 'opencode',
  title: 'opencode',
  command: 'opencode',
  install: 'npm install -g opencode-ai',
  login,
  lines: (connection, machine) => {
    // An access key stands in it as opencode's own reference to a variable, where there is one.
    const key = connection.accessKey
    const reference = key?.variable ? referenceTo(key.variable) : key
    return [exportLine(contentVariable, withEdits('', edits(connection.url, reference, machine)))]
  },
  notes: (_, machine) => [
    ...(hasChatGptPlan(machine)
      ? ['opencode sends what runs on a ChatGPT plan straight to chatgpt.com: that part is not measured']
      : []),
    'of its providers, anthropic, openai and google go through the proxy',
  ],
  settings: ({ url, accessKey }, machine) => ({
    file: settingsFile(machine),
    format: () => jsonFormat,
    edits: edits(url, accessKey, machine),
  }),
  launch: ({ url, tags, accessKey, args }, machine) => {
    const key = accessKey === null ? null : referenceTo(accessKeyVariable)
    const added = [
      ...edits(url, key, machine),
      ...providers.map((provider) => ({ path: optionPath(provider, 'headers', tagsHeader), value: tags })),
    ]
    return { env: { [contentVariable]: withEdits(machine.env[contentVariable] ?? '', added) }, args }
  },
}

/** Settings as JSON that opencode takes before those of its files. */
const contentVariable = 'OPENCODE_CONFIG_CONTENT'

/** How opencode's settings refer to a variable. */
function referenceTo(variable: string): AccessKey {
  return { value: `{env:${variable}}`, variable }
}

function withEdits(before: string, all: ReturnType<typeof edits>): string {
  let text = before
  for (const { path, value } of all) text = jsonFormat.set(text, path, value)
  return JSON.stringify(JSON.parse(text))
}

function edits(url: string, accessKey: AccessKey | null, machine: Machine) {
  return providers.flatMap((provider) => [
    { path: optionPath(provider, 'baseURL'), value: `${url}${paths[provider]}` },
    ...(hasKey(provider, machine) ? [] : [{ path: optionPath(provider, 'apiKey'), value: placeholder }]),
    ...(accessKey === null
      ? []
      : [{ path: optionPath(provider, 'headers', accessHeader), value: accessKey.value }]),
  ])
}

function optionPath(provider: Provider, ...names: string[]): string[] {
  return ['provider', provider, 'options', ...names]
}

/** Without one opencode refuses to ask at all. */
function hasKey(provider: Provider, machine: Machine): boolean {
  if (Object.hasOwn(auth(machine), provider)) return true
  if (keyVariables[provider].some((name) => machine.env[name])) return true
  const settings = readJson(machine, settingsFile(machine))
  const options = objectAt(objectAt(objectAt(settings, 'provider'), provider), 'options')
  const written = stringAt(options, 'apiKey')
  return written !== undefined && written !== placeholder
}

function login(machine: Machine): Login {
  const names = Object.keys(auth(machine))
  if (names.length > 0) return { words: `logged in: ${names.join(', ')}`, kind: 'key', unmeasured: null }
  const set = Object.values(keyVariables)
    .flat()
    .filter((name) => machine.env[name] && machine.env[name] !== placeholder)
  if (set.length > 0) return { words: `API key (${set.join(', ')})`, kind: 'key', unmeasured: null }
  return { words: 'not logged in', kind: 'none', unmeasured: null }
}

function hasChatGptPlan(machine: Machine): boolean {
  return stringAt(objectAt(auth(machine), 'openai'), 'type') === 'oauth'
}

function settingsFile({ env, home }: Machine): string {
  return (
    env.OPENCODE_CONFIG || join(env.XDG_CONFIG_HOME || join(home, '.config'), 'opencode', 'opencode.json')
  )
}

function auth(machine: Machine) {
  const data = machine.env.XDG_DATA_HOME || join(machine.home, '.local', 'share')
  return readJson(machine, join(data, 'opencode', 'auth.json'))
}
