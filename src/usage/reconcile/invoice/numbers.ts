import { ReconcileFault } from '../fault.ts'
import type { Sighting } from './sighting.ts'

/** Which sign stands before the fraction: `1,234.56` or `1.234,56`. */
export type DecimalMark = 'dot' | 'comma'

/** A number as it is with either mark; null: with this one it is none. */
export type Readings = Readonly<Record<DecimalMark, Reading | null>>

interface Reading {
  value: number
  /** Digits behind the mark. */
  decimals: number
}

const nothing: Reading = { value: 0, decimals: 0 }
const empty = /^([-–—]|null|n\/?a)?$/i
/** Currency signs and codes, blanks of all kinds and apostrophes between thousands. */
const decoration = /[\p{Sc}\s'’]|\b(USD|EUR|GBP|US|credits?)\b/giu
/** A group of thousands begins with no zero: `0,123` is a fraction, whatever the other numbers are. */
const written = {
  dot: /^(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)?(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i,
  comma: /^(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)?(?:,(\d*))?(?:e([+-]?\d{1,3}))?$/i,
} as const

/** An empty cell is nothing, `(1.20)` is less than nothing. */
export function readNumber(text: string): Readings {
  const bare = text.trim()
  if (empty.test(bare)) return { dot: nothing, comma: nothing }
  const inBrackets = /^\((.*)\)$/.exec(bare)
  const digits = (inBrackets?.[1] ?? bare).replace(decoration, '')
  const [, sign = '', unsigned = ''] = /^([-+−]?)(.*)$/.exec(digits) ?? []
  const factor = inBrackets || sign === '-' || sign === '−' ? -1 : 1
  return { dot: reading(unsigned, 'dot', factor), comma: reading(unsigned, 'comma', factor) }
}

function reading(digits: string, mark: DecimalMark, factor: number): Reading | null {
  const found = written[mark].exec(digits)
  if (!found || !/\d/.test(digits)) return null
  const [, fraction = '', exponent = '0'] = found
  const plain = mark === 'dot' ? digits.replaceAll(',', '') : digits.replaceAll('.', '').replace(',', '.')
  return { value: factor * Number(plain), decimals: Math.max(0, fraction.length - Number(exponent)) }
}

/** Learns from all numbers of a file, while they pass, which mark it has. */
export class DecimalMarks {
  readonly #impossible: Record<DecimalMark, Sighting | null> = { dot: null, comma: null }

  /** Throws `ReconcileFault` for what is a number with neither mark. */
  read(text: string, line: number, column: string): Readings {
    const readings = readNumber(text)
    if (readings.dot === null && readings.comma === null) {
      throw new ReconcileFault(
        'file',
        `line ${line}: ${column} is ${JSON.stringify(text.slice(0, 40))}, no number`,
      )
    }
    for (const mark of ['dot', 'comma'] as const) {
      if (readings[mark] === null) this.#impossible[mark] ??= { line, text }
    }
    return readings
  }

  /** `usual`: where every number can be read both ways. */
  decided(usual: DecimalMark): DecimalMark {
    const { dot, comma } = this.#impossible
    if (dot === null && comma === null) return usual
    if (dot === null) return 'dot'
    if (comma === null) return 'comma'
    throw new ReconcileFault(
      'file',
      `numbers are written in two ways: ${comma.text.trim()} in line ${comma.line}, ${dot.text.trim()} in line ${dot.line}`,
    )
  }
}
