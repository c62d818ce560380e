import { randomFillSync } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const timeDigits = 9
const chanceDigits = 11
const codes = Buffer.from(alphabet, 'latin1')

/** Fills digits from 0 to 31 with chance. */
export type RandomDigits = (digits: Uint8Array) => void

/** Ids of exchanges, with `x_` (`spec/http-api.md`). */
export function exchangeIds(nowMs: () => number, random?: RandomDigits): () => string {
  return risingIds('x_', nowMs, random)
}

/** Ids for sessions that have none of their own, with `s_`: those of a ledger's index come in its order. */
export function sessionIds(nowMs: () => number, random?: RandomDigits): () => string {
  return risingIds('s_', nowMs, random)
}

/**
 * A source of ids: the prefix and 20 base32 characters (Crockford's alphabet), 45 bits of milliseconds and 55 random
 * ones, strictly increasing within a process.
 */
function risingIds(prefix: string, nowMs: () => number, random: RandomDigits = randomDigits()): () => string {
  const firstChance = prefix.length + timeDigits
  let lastMs = -1
  const chance = new Uint8Array(chanceDigits)
  // Written as bytes: a text that is put together digit by digit is a tree of pieces until somebody reads it.
  const id = Buffer.alloc(prefix.length + timeDigits + chanceDigits, prefix)

  function begin(ms: number): void {
    lastMs = ms
    id.write(timeText(ms), prefix.length, 'latin1')
    random(chance)
  }

  return () => {
    const ms = nowMs()
    if (ms > lastMs) begin(ms)
    else if (!increment(chance)) begin(lastMs + 1)
    for (let i = 0; i < chanceDigits; i++) id[firstChance + i] = codes[chance[i] ?? 0] ?? 0
    return id.toString('latin1')
  }
}

function timeText(ms: number): string {
  let text = ''
  for (let rest = ms; text.length < timeDigits; rest = Math.floor(rest / 32)) {
    text = alphabet.charAt(rest % 32) + text
  }
  return text
}

/** Adds one; false when all digits were at their highest. */
function increment(digits: Uint8Array): boolean {
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits[at] ?? 0
    if (digit < 31) {
      digits[at] = digit + 1
      return true
    }
    digits[at] = 0
  }
  return false
}

/** Draws from the system for many ids at once: a draw costs the same for 11 bytes as for thousands. */
function randomDigits(): RandomDigits {
  const drawn = new Uint8Array(chanceDigits * 256)
  let used = drawn.length
  return (digits) => {
    if (used === drawn.length) {
      randomFillSync(drawn)
      used = 0
    }
    for (let i = 0; i < digits.length; i++) digits[i] = (drawn[used + i] ?? 0) & 31
    used += digits.length
  }
}
