import { type Client, placeholder } from './client.ts'
import { environmentLogin } from './environment-login.ts'
import { exportHeaderLine, exportLine } from './shell.ts'

export const anthropic: Client = {
  name: 'anthropic',
  title: 'anthropic package',
  command: null,
  login: (machine) => environmentLogin(machine, ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN']),
  lines: ({ url, accessKey }, machine) => [
    exportLine('ANTHROPIC_BASE_URL', url),
    ...(machine.env.ANTHROPIC_API_KEY || machine.env.ANTHROPIC_AUTH_TOKEN
      ? []
      : [exportLine('ANTHROPIC_API_KEY', placeholder)]),
    ...exportHeaderLine('ANTHROPIC_CUSTOM_HEADERS', accessKey),
  ],
  notes: ({ accessKey }) =>
    accessKey === null
      ? []
      : ['versions without ANTHROPIC_CUSTOM_HEADERS take the access key as a default header: x-llmproxy-key'],
}
