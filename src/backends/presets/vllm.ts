import type { Preset } from '../../core/backend.ts'

export const vllm: Preset = {
  type: 'vllm',
  apiUrl: null,
  keyVariables: [],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  credentialForm: null,
  family: null,
  streamUsage: 'ask',
  keyless: true,
}
