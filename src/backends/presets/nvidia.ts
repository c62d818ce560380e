import type { Preset } from '../../core/backend.ts'

export const nvidia: Preset = {
  type: 'nvidia',
  apiUrl: 'https://integrate.api.nvidia.com/v1',
  keyVariables: ['NVIDIA_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  protocols: ['openai-chat'],
  credentialForm: /^nvapi-/,
  family: null,
  // Some of its models answer 400 to `stream_options`.
  streamUsage: 'never',
  keyless: false,
}
