import type { Preset } from '../../core/backend.ts'

/** The built-in listener of `backends/demo/`: its URL is known once it listens. */
export const demo: Preset = {
  type: 'demo',
  apiUrl: null,
  keyVariables: [],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'],
  credentialForm: null,
  family: null,
  streamUsage: 'ask',
  keyless: true,
}
