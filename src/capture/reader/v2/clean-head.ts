import type { Secrets } from '../../../core/secrets/secrets.ts'

/**
 * Header pairs with what is secret in them overwritten, names as they were. What they carry is known from
 * then on.
 */
export function cleanHeaders(
  secrets: Secrets,
  headers: readonly (readonly [name: string, value: string])[],
): [name: string, value: string][] {
  for (const [name, value] of headers) {
    const credential = /^(?:bearer|basic)\s+(\S+)$/i.exec(value)?.[1]
    if (credential !== undefined || keyHeaders.has(name.toLowerCase())) {
      secrets.add(credential ?? value, 'credential')
    }
  }
  const lowered = headers.map(([name, value]) => [name.toLowerCase(), value] as const)
  return secrets.redactHeaders(lowered).map(([name, value], i) => [headers[i]?.[0] ?? name, value])
}

const keyHeaders: ReadonlySet<string> = new Set(['x-api-key', 'api-key', 'x-goog-api-key', 'authorization'])
