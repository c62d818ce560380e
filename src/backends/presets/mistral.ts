import type { Preset } from '../../core/backend.ts'

export const mistral: Preset = {
  type: 'mistral',
  apiUrl: 'https://api.mistral.ai/v1',
  keyVariables: ['MISTRAL_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat'],
  credentialForm: /^[A-Za-z0-9]{32}$/,
  family: null,
  // Answers 422 to `include_usage`, and reports usage on the last chunk unasked.
  streamUsage: 'never',
  keyless: false,
}
