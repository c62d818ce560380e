import type { HeaderPairs } from '../../core/http.ts'
import type { Difference } from './difference.ts'

/** Headers that say something of what is asked or answered; all others are the connection's, or new each time. */
export const comparedHeaders = {
  answer: ['content-type', 'location', 'www-authenticate'],
  request: ['content-type', 'anthropic-version', 'anthropic-beta', 'openai-beta'],
} as const

export function compareHeaders(
  of: keyof typeof comparedHeaders,
  before: HeaderPairs,
  after: HeaderPairs,
): Difference[] {
  return comparedHeaders[of].flatMap((name) => {
    const [was, is] = [comparedValue(before, name), comparedValue(after, name)]
    return was === is ? [] : [{ path: `header ${name}`, kind: 'header' as const, before: was, after: is }]
  })
}

/** Of a connection: they end at the proxy, which has its own. */
const ofConnection = new Set([
  ...['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'host', 'content-length'],
])

/** Every header that came, went or changed between two legs. */
export function changedHeaders(before: HeaderPairs, after: HeaderPairs): Difference[] {
  const names = new Set([...before, ...after].map(([name]) => name.toLowerCase()))
  return [...names].flatMap((name) => {
    const [was, is] = [allOf(before, name), allOf(after, name)]
    if (was === is || ofConnection.has(name)) return []
    return [{ path: `header ${name}`, kind: 'header' as const, before: was, after: is }]
  })
}

function allOf(headers: HeaderPairs, name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** Of a type only the type: how its charset is written is nobody's business. */
function comparedValue(headers: HeaderPairs, name: string): string | undefined {
  const value = allOf(headers, name)
  return name === 'content-type' ? value?.split(';')[0]?.trim().toLowerCase() : value
}
