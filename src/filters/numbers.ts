import type { Unit } from './subject.ts'

const durationUnitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** By their first letter, whatever its case. */
const multiples: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }
const binaryMultiples: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
const number = String.raw`(?:\d{1,15}(?:\.\d{1,9})?|\.\d{1,9})`
const duration = new RegExp(`^(?:${number}(?:ms|s|m|h))+$`)
const durationParts = new RegExp(`(${number})(ms|s|m|h)`, 'g')
const count = new RegExp(`^(${number})([kmg]?)$`, 'i')
const size = new RegExp(`^(${number})(?:([kmg]?)b?|([kmg])ib?)$`, 'i')
const usd = new RegExp(`^\\$?(${number})$`)
const plain = new RegExp(`^(${number})$`)

/** What a text is that is no number of the unit, and what is one. */
export const unitWords: Readonly<Record<Unit, string>> = {
  duration: 'no duration; write 250ms, 2s, 1m30s or 1h',
  count: 'no number; write 250, 1.5k or 2M',
  bytes: 'no size; write 250, 48kb, 1.5mb or 2MiB',
  usd: 'no amount of dollars; write 0.10 or $2',
  plain: 'no number',
}

/** The number that a text means; null for none. */
export function parseNumber(text: string, unit: Unit): number | null {
  switch (unit) {
    case 'duration':
      return durationMs(text)
    case 'count': {
      const found = count.exec(text)
      return found && exact(Number(found[1]) * (multiples[found[2]?.toLowerCase() ?? ''] ?? 1))
    }
    case 'bytes':
      return bytes(text)
    case 'usd':
    case 'plain': {
      const found = (unit === 'usd' ? usd : plain).exec(text)
      return found && Number(found[1])
    }
  }
}

/** As sizes are shown here, a kilobyte has 1000 of them; a kibibyte says that it has 1024. */
function bytes(text: string): number | null {
  const found = size.exec(text)
  if (!found) return null
  const [, value, multiple = '', binary = ''] = found
  const times = binaryMultiples[binary.toLowerCase()] ?? multiples[multiple.toLowerCase()] ?? 1
  return exact(Number(value) * times)
}

function durationMs(text: string): number | null {
  if (text === '0') return 0
  if (!duration.test(text)) return null
  let sumMs = 0
  for (const [, value, unit = ''] of text.matchAll(durationParts)) {
    sumMs += Number(value) * (durationUnitsMs[unit] ?? 0)
  }
  return exact(sumMs)
}

/** Whether a word is nothing but a unit of one of these numbers: what was left behind by a space. */
export function isUnit(word: string): boolean {
  return /^(?:ms|[smh]|[kmg]|[kmg]?b|[kmg]ib?)$/i.test(word)
}

/** 2.3k is 2300, whatever binary fractions make of it. */
function exact(value: number): number {
  return Number(value.toPrecision(15))
}
