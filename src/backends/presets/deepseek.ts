import type { Preset } from '../../core/backend.ts'

export const deepseek: Preset = {
  type: 'deepseek',
  apiUrl: 'https://api.deepseek.com',
  keyVariables: ['DEEPSEEK_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  // Its Anthropic API lives under another base path.
  protocols: ['openai-chat'],
  credentialForm: /^sk-(?!ant-|or-|proj-)/,
  family: null,
  streamUsage: 'ask',
  keyless: false,
}
