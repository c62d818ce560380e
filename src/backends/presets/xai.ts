import type { Preset } from '../../core/backend.ts'

export const xai: Preset = {
  type: 'xai',
  apiUrl: 'https://api.x.ai/v1',
  keyVariables: ['XAI_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses'],
  credentialForm: /^xai-/,
  family: null,
  streamUsage: 'ask',
  keyless: false,
}
