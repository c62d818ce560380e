import { isIPv4 } from 'node:net'

/**
 * Whether an address can lead to nothing but this machine, by what it says: to ask the network would be to reach out
 * already. Names under `localhost`, and IPv4 written as IPv6, are left to those who want to send there for money.
 */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  // What looks like a host and is a user's name.
  if (url.username !== '' || url.password !== '') return false
  const { hostname } = url
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
}
