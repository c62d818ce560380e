import type { Preset } from '../../core/backend.ts'

export const openai: Preset = {
  type: 'openai',
  apiUrl: 'https://api.openai.com/v1',
  // Data residency: https://eu.api.openai.com/v1
  hostEndings: ['.api.openai.com'],
  keyVariables: ['OPENAI_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses'],
  credentialForm: /^sk-(?!ant-|or-)/,
  family: 'openai',
  streamUsage: 'ask',
  keyless: false,
}
