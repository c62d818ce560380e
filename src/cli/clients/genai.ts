import { type Client, placeholder } from './client.ts'
import { environmentLogin } from './environment-login.ts'
import { exportKeyLine, exportLine } from './shell.ts'

/** Google's package has no variable for headers: an access key stands where the API key would. */
export const genai: Client = {
  name: 'genai',
  title: '@google/genai package',
  command: null,
  login: (machine) => environmentLogin(machine, ['GEMINI_API_KEY', 'GOOGLE_API_KEY']),
  lines: ({ url, accessKey }, { env }) => {
    const address = exportLine('GOOGLE_GEMINI_BASE_URL', url)
    if (accessKey !== null) return [address, exportKeyLine('GEMINI_API_KEY', '', accessKey)]
    return env.GEMINI_API_KEY || env.GOOGLE_API_KEY
      ? [address]
      : [address, exportLine('GEMINI_API_KEY', placeholder)]
  },
  notes: ({ accessKey }) =>
    accessKey === null
      ? []
      : ['to keep your own API key, send the access key as httpOptions.headers: x-llmproxy-key'],
}
