/** By protocol, which variable has the key for `name`; an Anthropic login has a variable of its own. */
const variables: Readonly<Record<string, string>> = {
  'openai-chat': 'OPENAI_API_KEY',
  'openai-responses': 'OPENAI_API_KEY',
  'anthropic-messages': 'ANTHROPIC_API_KEY',
  gemini: 'GEMINI_API_KEY',
}

/** Whose key is named by the protocol; others have one after their own name. */
const named = new Set(['openai', 'anthropic', 'gemini'])

/**
 * A header that carries a credential, with a variable in the place of what was recorded, for double quotes; null for all
 * other headers, and for secrets that nobody has twice, such as cookies.
 */
export function credentialOf(
  name: string,
  recorded: string,
  protocol: string | null,
  backendType: string | null,
): string | null {
  if (name === 'x-llmproxy-key') return `${name}: $LLMPROXY_API_KEY`
  const isBearer = name === 'authorization' && /^bearer\s/i.test(recorded)
  if (!isBearer && !['x-api-key', 'x-goog-api-key', 'api-key'].includes(name)) return null
  // What overwrote it says that it opened this proxy.
  const isOurs = /^(?:bearer\s+)?access-key-/i.test(recorded)
  const isLogin = isBearer && protocol === 'anthropic-messages' && isNamed(backendType)
  const key = isLogin ? 'ANTHROPIC_AUTH_TOKEN' : variableOf(protocol, backendType)
  const variable = isOurs ? 'LLMPROXY_API_KEY' : key
  return isBearer ? `${name}: Bearer $${variable}` : `${name}: $${variable}`
}

function isNamed(backendType: string | null): boolean {
  return backendType === null || named.has(backendType)
}

function variableOf(protocol: string | null, backendType: string | null): string {
  if (backendType !== null && !named.has(backendType)) {
    return `${backendType
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_')}_API_KEY`
  }
  return variables[protocol ?? ''] ?? 'OPENAI_API_KEY'
}
