import { join } from 'node:path'
import { objectAt, stringAt } from '../../core/json.ts'
import { dotenvFormat } from '../settings/dotenv.ts'
import { accessHeader, type Client, type Login, type Machine, placeholder } from './client.ts'
import { readJson } from './read-json.ts'
import { exportHeaderLine, exportLine } from './shell.ts'

const google =
  'Gemini CLI is logged in with Google: its calls go to Code Assist, whose address cannot be changed, so nothing ' +
  'of them can be measured. Choose "Use Gemini API key" under /auth in Gemini CLI, then connect again'
const vertex =
  'Gemini CLI uses Vertex AI, which this proxy does not speak. Choose "Use Gemini API key" under /auth in ' +
  'Gemini CLI, then connect again'

export const gemini: Client = {
  name: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini',
  login,
  lines: ({ url, accessKey }, machine) => [
    exportLine('GOOGLE_GEMINI_BASE_URL', url),
    ...(login(machine).kind === 'none' ? [exportLine('GEMINI_API_KEY', placeholder)] : []),
    ...exportHeaderLine('GEMINI_CLI_CUSTOM_HEADERS', accessKey),
  ],
  notes: (_, machine) =>
    login(machine).kind === 'none'
      ? ['Gemini CLI has no API key: the proxy uses its own Gemini provider key (GEMINI_API_KEY)']
      : [],
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
}

function login(machine: Machine): Login {
  const settings = readJson(machine, join(folder(machine), 'settings.json'))
  const chosen = stringAt(objectAt(objectAt(settings, 'security'), 'auth'), 'selectedType')
  // Its name before the settings were nested.
  const type = chosen ?? stringAt(settings, 'selectedAuthType') ?? byEnvironment(machine.env)
  if (type === 'oauth-personal' || type === 'login-with-google') {
    return { words: 'Google account', kind: 'plan', unmeasured: google }
  }
  if (type === 'vertex-ai') return { words: 'Vertex AI', kind: 'plan', unmeasured: vertex }
  const key = machine.env.GEMINI_API_KEY || keyInFile(machine)
  if (key && key !== placeholder) return { words: 'API key (GEMINI_API_KEY)', kind: 'key', unmeasured: null }
  return { words: 'no API key', kind: 'none', unmeasured: null }
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
