import { type Client, placeholder } from './client.ts'
import { environmentLogin } from './environment-login.ts'
import { exportHeaderLine, exportLine } from './shell.ts'

export const openai: Client = {
  name: 'openai',
  title: 'openai package',
  command: null,
  login: (machine) => environmentLogin(machine, ['OPENAI_API_KEY']),
  lines: ({ url, accessKey }, machine) => [
    exportLine('OPENAI_BASE_URL', `${url}/v1`),
    ...(machine.env.OPENAI_API_KEY ? [] : [exportLine('OPENAI_API_KEY', placeholder)]),
    ...exportHeaderLine('OPENAI_CUSTOM_HEADERS', accessKey),
  ],
  notes: ({ accessKey }) =>
    accessKey === null
      ? []
      : ['versions without OPENAI_CUSTOM_HEADERS take the access key as a default header: x-llmproxy-key'],
}
