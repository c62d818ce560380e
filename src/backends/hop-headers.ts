import type { HeaderPairs } from '../core/http.ts'

// RFC 9110, 7.6.1, and what older practice adds: meant for one connection, not for the next.
const hopByHop = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** A test for the headers that end with their connection, those that `connection` names included. */
export function hopHeaders(headers: HeaderPairs): (name: string) => boolean {
  const named = new Set<string>()
  for (const [name, value] of headers) {
    if (name !== 'connection') continue
    for (const option of value.split(',')) named.add(option.trim().toLowerCase())
  }
  return (name) => hopByHop.has(name) || name.startsWith('proxy-') || named.has(name)
}
