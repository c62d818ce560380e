import type { Preset } from '../../core/backend.ts'

export const azure: Preset = {
  type: 'azure',
  // Only the user knows the resource: https://RESOURCE.openai.azure.com/openai/v1
  apiUrl: null,
  hostEndings: ['.openai.azure.com', '.cognitiveservices.azure.com', '.services.ai.azure.com'],
  keyVariables: ['AZURE_OPENAI_API_KEY'],
  keyHeader: { name: 'api-key', prefix: '' },
  protocols: ['openai-chat', 'openai-responses'],
  // Keys of both lengths (32 hex digits, 84 letters and digits), and Entra's tokens.
  credentialForm: /^([0-9a-f]{32}|[A-Za-z0-9]{84}|eyJ[\w-]+\.[\w-]+\.[\w-]*)$/,
  family: null,
  streamUsage: 'ask',
  keyless: false,
}
