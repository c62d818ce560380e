import type { Preset } from '../../core/backend.ts'

export const fireworks: Preset = {
  type: 'fireworks',
  apiUrl: 'https://api.fireworks.ai/inference/v1',
  keyVariables: ['FIREWORKS_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  credentialForm: /^(fw_|fpk_)/,
  family: null,
  // Has answered 400 to `stream_options`, and reports usage on the last chunk unasked.
  streamUsage: 'never',
  keyless: false,
}
