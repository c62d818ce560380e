import type { Preset } from '../../core/backend.ts'

export const deepseek: Preset = {
  type: 'deepseek',
  apiUrl: 'https://api.deepseek.com',
  keyVariables: ['DEEPSEEK_API_KEY'],
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  // Its Anthropic API lives under another base path.
  protocols: ['openai-chat'],
  // Shorter than OpenAI's oldest keys (48), and without the hyphen of the newer ones: those are not for here.
  credentialForm: /^sk-[A-Za-z0-9]{1,40}$/,
  family: null,
  streamUsage: 'ask',
  keyless: false,
}
