import { join } from 'node:path'
import { objectAt, stringAt } from '../../core/json.ts'
import { dotenvFormat } from '../settings/dotenv.ts'
import { accessHeader, type Client, type Login, type Machine, placeholder, startHeaders } from './client.ts'
import { readJson } from './read-json.ts'
import { exportHeaderLine, exportLine } from './shell.ts'

const google =
  'Gemini CLI is logged in with Google: its calls go to Code Assist, whose address cannot be changed, so nothing ' +
  'of them can be measured. Choose "Use Gemini API key" under /auth in Gemini CLI, then connect again'
const vertex =
  'Gemini CLI uses Vertex AI, which this proxy does not speak. Choose "Use Gemini API key" under /auth in ' +
  'Gemini CLI, then connect again'

/**
 * Where its settings name no login, an address of its own makes Gemini CLI take one called `gateway`, which it then
 * refuses (seen in 0.61). Only the user's settings, or files of the system's administrator, can say otherwise.
 */
const noChoice =
  'Gemini CLI has no login chosen: choose "Use Gemini API key" when it asks, or under /auth; until then it says ' +
  '"Invalid auth method selected" with -p'

export const gemini: Client = {
  name: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini',
  install: 'npm install -g @google/gemini-cli',
  login,
  lines: ({ url, accessKey }, machine) => [
    exportLine('GOOGLE_GEMINI_BASE_URL', url),
    ...(login(machine).kind === 'none' ? [exportLine('GEMINI_API_KEY', placeholder)] : []),
    ...exportHeaderLine('GEMINI_CLI_CUSTOM_HEADERS', accessKey),
  ],
  notes: (_, machine) => [
    ...(login(machine).kind === 'none'
      ? ['Gemini CLI has no API key: the proxy uses its own Gemini provider key (GEMINI_API_KEY)']
      : []),
    ...(chosenType(machine) === undefined ? [noChoice] : []),
  ],
  settings: ({ url, accessKey }, machine) => ({
    // Gemini CLI reads the first .env that it finds from the working directory upwards, then this one.
    file: join(folder(machine), '.env'),
    format: () => dotenvFormat,
    edits: [
      { path: ['GOOGLE_GEMINI_BASE_URL'], value: url },
      ...(login(machine).kind === 'none' ? [{ path: ['GEMINI_API_KEY'], value: placeholder }] : []),
      ...(accessKey === null
        ? []
        : [{ path: ['GEMINI_CLI_CUSTOM_HEADERS'], value: `${accessHeader}: ${accessKey.value}` }]),
    ],
  }),
  launch: ({ args, ...start }, machine) => ({
    // What stands in its .env files does not replace what is in the environment.
    env: {
      GOOGLE_GEMINI_BASE_URL: start.url,
      GEMINI_CLI_CUSTOM_HEADERS: [
        ...ownHeaders(machine),
        ...startHeaders(start).map(([name, value]) => `${name}: ${value}`),
      ].join(', '),
      ...(login(machine).kind === 'none' && { GEMINI_API_KEY: placeholder }),
    },
    args,
  }),
}

/** The user's own headers stay. */
function ownHeaders({ env }: Machine): string[] {
  return env.GEMINI_CLI_CUSTOM_HEADERS ? [env.GEMINI_CLI_CUSTOM_HEADERS] : []
}

function login(machine: Machine): Login {
  const type = chosenType(machine) ?? byEnvironment(machine.env)
  if (type === 'oauth-personal' || type === 'login-with-google') {
    return { words: 'Google account', kind: 'plan', unmeasured: google }
  }
  if (type === 'vertex-ai') return { words: 'Vertex AI', kind: 'plan', unmeasured: vertex }
  const key = machine.env.GEMINI_API_KEY || keyInFile(machine)
  if (key && key !== placeholder) return { words: 'API key (GEMINI_API_KEY)', kind: 'key', unmeasured: null }
  return { words: 'no API key', kind: 'none', unmeasured: null }
}

/** How the user chose to log in, in Gemini CLI's own words. */
function chosenType(machine: Machine): string | undefined {
  const settings = readJson(machine, join(folder(machine), 'settings.json'))
  const chosen = stringAt(objectAt(objectAt(settings, 'security'), 'auth'), 'selectedType')
  // Its name before the settings were nested.
  return chosen ?? stringAt(settings, 'selectedAuthType')
}

function byEnvironment(env: NodeJS.ProcessEnv): string | undefined {
  if (env.GOOGLE_GENAI_USE_GCA === 'true') return 'oauth-personal'
  return env.GOOGLE_GENAI_USE_VERTEXAI === 'true' ? 'vertex-ai' : undefined
}

function keyInFile(machine: Machine): string | undefined {
  const value = dotenvFormat.get(machine.readText(join(folder(machine), '.env')) ?? '', ['GEMINI_API_KEY'])
  return typeof value === 'string' ? value : undefined
}

function folder(machine: Machine): string {
  return join(machine.env.GEMINI_CLI_HOME || machine.home, '.gemini')
}
