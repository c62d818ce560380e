import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import { remembered } from '../../core/remembered.ts'

export interface Authority {
  /** In lower case, without brackets and trailing dot. */
  host: string
  port: number | null
}

/** `name`, `name:8000`, `[::1]:8000` taken apart; undefined for anything else, user info included. */
export function parseAuthority(text: string): Authority | undefined {
  return authorities.of(text) ?? undefined
}

const authorities = remembered(authorityIn)

function authorityIn(text: string): Authority | null {
  const found = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text)
  if (!found) return null
  const [, bracketed, name, port] = found
  if (bracketed !== undefined && !isIPv6(bracketed)) return null
  const host = (bracketed ?? name ?? '').toLowerCase().replace(/\.$/, '')
  if (host === '' || Number(port ?? 0) > 65535) return null
  return { host, port: port === undefined ? null : Number(port) }
}

/** `localhost`, a name under it, 127.0.0.0/8 or ::1; without brackets, in lower case. */
export function isLoopback(host: string): boolean {
  return loopbacks.of(host)
}

const loopbacks = remembered((host) => {
  const plain = withoutMapping(host)
  if (isIPv4(plain)) return plain.startsWith('127.')
  return plain === 'localhost' || plain.endsWith('.localhost') || sameAddress(plain, '::1')
})

/** Whether two IP addresses are the same, however they are written. */
export function sameAddress(one: string, other: string): boolean {
  return canonical(one) === canonical(other)
}

/** An IPv4 address that came in on an IPv6 socket (`::ffff:10.0.0.1`) as what it is; zone ids dropped. */
export function withoutMapping(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

/** Addresses and networks (`10.0.0.0/8`, `fd00::/8`) as a test for membership; what is neither matches nothing. */
export function addressTest(entries: readonly string[]): (address: string) => boolean {
  if (entries.length === 0) return () => false
  const list = new BlockList()
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    const most = family === 'ipv6' ? 128 : 32
    const prefix = bits === undefined ? most : Number(bits)
    if (isIP(network) !== 0 && Number.isInteger(prefix) && prefix >= 0 && prefix <= most) {
      list.addSubnet(network, prefix, family)
    }
  }
  return (address) => {
    const plain = withoutMapping(address)
    return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}

function canonical(address: string): string {
  const plain = withoutMapping(address)
  return isIPv6(plain) ? new URL(`http://[${plain}]`).hostname : plain
}
