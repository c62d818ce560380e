import { hash, randomBytes } from 'node:crypto'

/** A new access key: `lp_` and 40 hexadecimal digits, 160 bits of chance. */
export function newAccessKey(random: (bytes: number) => Uint8Array = randomBytes): string {
  return `lp_${Buffer.from(random(20)).toString('hex')}`
}

/** What `key_sha256` holds: the SHA-256 of the access key's UTF-8 bytes, 64 hexadecimal digits. */
export function accessKeyHash(key: string): string {
  return hash('sha256', key)
}
