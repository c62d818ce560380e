import type { Preset } from '../../core/backend.ts'

/** What Codex talks to when its user is logged in with a ChatGPT plan: opened by that login's token, by no key. */
export const chatgpt: Preset = {
  type: 'chatgpt',
  apiUrl: 'https://chatgpt.com/backend-api/codex',
  keyVariables: [],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-responses'],
  credentialForm: /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/,
  family: 'openai',
  streamUsage: 'never',
  keyless: false,
}
