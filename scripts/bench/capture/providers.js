// Whom a generated capture asks, and what stands around bodies on the wire.

/** By protocol: the backend's type, its model and its host. */
export const backends = {
  'openai-chat': ['openai', 'gpt-4o', 'https://api.openai.com'],
  'openai-responses': ['openai', 'gpt-5', 'https://api.openai.com'],
  'anthropic-messages': ['anthropic', 'claude-sonnet-4-5', 'https://api.anthropic.com'],
  gemini: ['gemini', 'gemini-2.5-pro', 'https://generativelanguage.googleapis.com'],
}

export const requestHeaders = [
  ['content-type', 'application/json'],
  ['user-agent', 'bench-agent/1.4.2 (linux; x64) node/20.18.1'],
  ['accept', 'application/json'],
  ['accept-language', '*'],
  ['x-stainless-lang', 'js'],
  ['x-stainless-package-version', '6.49.0'],
  ['x-stainless-os', 'Linux'],
  ['x-stainless-arch', 'x64'],
  ['x-stainless-runtime', 'node'],
]

export const answerHeaders = [
  ['date', 'Fri, 27 Nov 2026 09:00:00 GMT'],
  ['server', 'cloudflare'],
  ['openai-processing-ms', '412'],
  ['x-ratelimit-limit-requests', '10000'],
  ['x-ratelimit-remaining-requests', '9999'],
  ['x-ratelimit-remaining-tokens', '1999000'],
  ['strict-transport-security', 'max-age=31536000; includeSubDomains; preload'],
  ['cf-ray', '9a1b2c3d4e5f6a7b-FRA'],
  ['alt-svc', 'h3=":443"; ma=86400'],
]

/** By family, with status 429. */
export const refusals = {
  openai:
    '{"error":{"message":"Rate limit reached for requests","type":"requests","param":null,"code":"rate_limit_exceeded"}}',
  anthropic:
    '{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your rate limit"}}',
  gemini: '{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}',
}
