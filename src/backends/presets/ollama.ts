import type { Preset } from '../../core/backend.ts'

export const ollama: Preset = {
  type: 'ollama',
  apiUrl: 'http://127.0.0.1:11434/v1',
  keyVariables: [],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  credentialForm: null,
  family: null,
  streamUsage: 'ask',
  keyless: true,
}
