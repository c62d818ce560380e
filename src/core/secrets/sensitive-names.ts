/** Headers whose whole value is a secret, whoever sent them. Names in lower case. */
export const sensitiveHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-llmproxy-key',
  'cookie',
  'set-cookie',
  'ocp-apim-subscription-key',
])

/** Query parameters whose value is a secret. Names in lower case. */
export const sensitiveParameters: ReadonlySet<string> = new Set([
  'key',
  'api_key',
  'api-key',
  'apikey',
  'access_token',
  'client_secret',
  'sig',
])

const sensitiveEnding = /[-_](?:api[-_]?key|access[-_]?key|token|secret|password)$/

export function isSensitiveHeader(name: string): boolean {
  return sensitiveHeaders.has(name) || sensitiveEnding.test(name)
}
