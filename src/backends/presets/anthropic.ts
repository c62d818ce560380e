import type { Preset } from '../../core/backend.ts'

export const anthropic: Preset = {
  type: 'anthropic',
  apiUrl: 'https://api.anthropic.com/v1',
  keyVariables: ['ANTHROPIC_API_KEY'],
  keyHeader: { name: 'x-api-key', prefix: '' },
  protocols: ['anthropic-messages'],
  credentialForm: /^sk-ant-/,
  family: 'anthropic',
  streamUsage: 'never',
  keyless: false,
  defaultHeaders: { 'anthropic-version': '2023-06-01' },
}
