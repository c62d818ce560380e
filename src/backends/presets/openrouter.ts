import type { Preset } from '../../core/backend.ts'

export const openrouter: Preset = {
  type: 'openrouter',
  apiUrl: 'https://openrouter.ai/api/v1',
  keyVariables: ['OPENROUTER_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  credentialForm: /^sk-or-/,
  family: null,
  // Reports usage on every stream unasked.
  streamUsage: 'never',
  keyless: false,
}
