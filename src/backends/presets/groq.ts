import type { Preset } from '../../core/backend.ts'

export const groq: Preset = {
  type: 'groq',
  apiUrl: 'https://api.groq.com/openai/v1',
  keyVariables: ['GROQ_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses'],
  credentialForm: /^gsk_/,
  family: null,
  streamUsage: 'ask',
  keyless: false,
}
