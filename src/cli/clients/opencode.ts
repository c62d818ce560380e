import { join } from 'node:path'
import { objectAt, stringAt } from '../../core/json.ts'
import { jsonFormat } from '../settings/json.ts'
import { type AccessKey, accessHeader, type Client, type Login, type Machine } from './client.ts'
import { readJson } from './read-json.ts'
import { exportLine } from './shell.ts'

/** The providers that opencode reaches by the protocols spoken here, and what follows the proxy's address. */
const paths = { anthropic: '/v1', openai: '/v1', google: '/v1beta' }

export const opencode: Client = {
  name: 'opencode',
  title: 'opencode',
  command: 'opencode',
  login,
  lines: (connection) => {
    // An access key stands in it as opencode's own reference to a variable, where there is one.
    const key = connection.accessKey
    const reference = key === null || key.variable === null ? key : { ...key, value: `{env:${key.variable}}` }
    let text = ''
    for (const { path, value } of edits(connection.url, reference)) text = jsonFormat.set(text, path, value)
    return [exportLine('OPENCODE_CONFIG_CONTENT', JSON.stringify(JSON.parse(text)))]
  },
  notes: (_, machine) =>
    hasChatGptPlan(machine)
      ? ['opencode sends what runs on a ChatGPT plan straight to chatgpt.com: that part is not measured']
      : [],
  settings: ({ url, accessKey }, machine) => ({
    file:
      machine.env.OPENCODE_CONFIG ||
      join(machine.env.XDG_CONFIG_HOME || join(machine.home, '.config'), 'opencode', 'opencode.json'),
    format: () => jsonFormat,
    edits: edits(url, accessKey),
  }),
}

function edits(url: string, accessKey: AccessKey | null) {
  return Object.entries(paths).flatMap(([provider, path]) => [
    { path: ['provider', provider, 'options', 'baseURL'], value: `${url}${path}` },
    ...(accessKey === null
      ? []
      : [{ path: ['provider', provider, 'options', 'headers', accessHeader], value: accessKey.value }]),
  ])
}

function login(machine: Machine): Login {
  const names = Object.keys(auth(machine))
  if (names.length > 0) return { words: `logged in: ${names.join(', ')}`, kind: 'key', unmeasured: null }
  const set = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY'].filter((name) => machine.env[name])
  if (set.length > 0) return { words: `API key (${set.join(', ')})`, kind: 'key', unmeasured: null }
  return { words: 'not logged in', kind: 'none', unmeasured: null }
}

function hasChatGptPlan(machine: Machine): boolean {
  return stringAt(objectAt(auth(machine), 'openai'), 'type') === 'oauth'
}

function auth(machine: Machine) {
  const data = machine.env.XDG_DATA_HOME || join(machine.home, '.local', 'share')
  return readJson(machine, join(data, 'opencode', 'auth.json'))
}
