import type { Preset } from '../../core/backend.ts'

export const together: Preset = {
  type: 'together',
  apiUrl: 'https://api.together.xyz/v1',
  keyVariables: ['TOGETHER_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat'],
  credentialForm: /^(tgp_v1_|[0-9a-f]{64}$)/,
  family: null,
  streamUsage: 'ask',
  keyless: false,
}
