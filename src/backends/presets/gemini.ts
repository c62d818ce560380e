import type { Preset } from '../../core/backend.ts'

export const gemini: Preset = {
  type: 'gemini',
  apiUrl: 'https://generativelanguage.googleapis.com/v1beta',
  keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  keyHeader: { name: 'x-goog-api-key', prefix: '' },
  protocols: ['gemini'],
  // API keys of both generations, and OAuth access tokens.
  credentialForm: /^(AIza|AQ\.|ya29\.)/,
  family: 'gemini',
  streamUsage: 'never',
  keyless: false,
}
