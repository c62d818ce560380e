import { join } from 'node:path'
import { type JsonObject, objectAt, stringAt } from '../../core/json.ts'
import { tomlFormat, tomlValue } from '../settings/toml.ts'
import {
  accessHeader,
  accessKeyVariable,
  type Client,
  type Connection,
  type Login,
  type Machine,
  tagsHeader,
} from './client.ts'
import { readJson } from './read-json.ts'
import { shellWord } from './shell.ts'

/** Codex reads no address from its environment (`OPENAI_BASE_URL` is ignored); it takes a provider by name. */
export const codex: Client = {
  name: 'codex',
  title: 'Codex',
  command: 'codex',
  install: 'npm install -g @openai/codex',
  login,
  lines: (connection, machine) => {
    const variable = connection.accessKey?.variable
    const provider = providerTable(connection, machine, variable ?? null)
    return [
      `codex -c model_provider=llmproxy -c ${shellWord(`model_providers.llmproxy=${tomlValue(provider)}`)}`,
    ]
  },
  notes: (_, machine) => {
    const { kind } = login(machine)
    if (kind === 'plan') {
      return [
        'Codex is logged in with a ChatGPT plan: its path is /chatgpt/v1, and its own token is passed on',
      ]
    }
    return kind === 'key'
      ? []
      : ['Codex is not logged in: the proxy uses its own OpenAI provider key (OPENAI_API_KEY)']
  },
  settings: (connection, machine) => ({
    file: join(folder(machine), 'config.toml'),
    format: () => tomlFormat,
    edits: [
      { path: ['model_provider'], value: 'llmproxy' },
      { path: ['model_providers', 'llmproxy'], value: providerTable(connection, machine, null) },
    ],
  }),
  launch: ({ url, tags, accessKey, args }, machine) => {
    const key = accessKey === null ? null : { value: accessKey, variable: accessKeyVariable }
    const provider = providerTable({ url, accessKey: key }, machine, accessKeyVariable)
    const table = { ...provider, http_headers: { [tagsHeader]: tags } }
    const settings = ['-c', 'model_provider=llmproxy', '-c', `model_providers.llmproxy=${tomlValue(table)}`]
    return { env: {}, args: [...settings, ...args] }
  },
}

/** @param keyVariable the variable to take the access key from, instead of writing it down */
function providerTable(connection: Connection, machine: Machine, keyVariable: string | null): JsonObject {
  const { kind, words } = login(machine)
  const { url, accessKey } = connection
  const table: JsonObject = {
    name: 'llmproxy',
    base_url: kind === 'plan' ? `${url}/chatgpt/v1` : `${url}/v1`,
    wire_api: 'responses',
    // Its WebSocket form would be refused once per session before it falls back to HTTP.
    supports_websockets: false,
  }
  if (words === environmentKey) table.env_key = 'OPENAI_API_KEY'
  else if (kind !== 'none') table.requires_openai_auth = true
  if (accessKey !== null) {
    if (keyVariable === null) table.http_headers = { [accessHeader]: accessKey.value }
    else table.env_http_headers = { [accessHeader]: keyVariable }
  }
  return table
}

const environmentKey = 'API key (OPENAI_API_KEY)'

function login(machine: Machine): Login {
  const found = (words: string, kind: Login['kind']): Login => ({ words, kind, unmeasured: null })
  const auth = readJson(machine, join(folder(machine), 'auth.json'))
  if (stringAt(auth, 'OPENAI_API_KEY')) return found('API key (codex login)', 'key')
  if (objectAt(auth, 'tokens')) return found('ChatGPT plan', 'plan')
  return machine.env.OPENAI_API_KEY ? found(environmentKey, 'key') : found('not logged in', 'none')
}

function folder(machine: Machine): string {
  return machine.env.CODEX_HOME || join(machine.home, '.codex')
}
