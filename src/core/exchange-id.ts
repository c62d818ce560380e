import { randomBytes } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A source of exchange ids: `x_` and 20 base32 characters (Crockford's alphabet), 45 bits of milliseconds
 * and 55 random ones, strictly increasing within a process (`spec/http-api.md`).
 */
export function exchangeIds(nowMs: () => number, random: () => bigint = random55): () => string {
  let lastMs = -1n
  let lastRandom = 0n
  return () => {
    const ms = BigInt(nowMs())
    if (ms > lastMs) {
      lastMs = ms
      lastRandom = random()
    } else {
      lastRandom += 1n
      if (lastRandom >= 1n << 55n) {
        lastMs += 1n
        lastRandom = random()
      }
    }
    return `x_${base32((lastMs << 55n) | lastRandom)}`
  }
}

function base32(value: bigint): string {
  let rest = value
  let text = ''
  for (let i = 0; i < 20; i++) {
    text = alphabet.charAt(Number(rest & 31n)) + text
    rest >>= 5n
  }
  return text
}

function random55(): bigint {
  return BigInt(`0x${randomBytes(7).toString('hex')}`) & ((1n << 55n) - 1n)
}
