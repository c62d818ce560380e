import type { Pace } from '../../../capture/replay/mock/schedule.ts'
import type { parseNumber } from '../../../filters/numbers.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** `--speed` and `--max-gap` as what is meant. Throws failures of usage. */
export function paceOf(
  { speed, 'max-gap': gap }: { speed: string; 'max-gap'?: string | undefined },
  parse: typeof parseNumber,
): Pace {
  return { speed: speedOf(speed), maxGapMs: gap === undefined ? null : gapOf(gap, parse) }
}

/** Times as fast as recorded; infinity: `max`. */
export function speedOf(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const value = /^\d{1,6}(?:\.\d{1,6})?x?$/.test(text) ? Number.parseFloat(text) : 0
  if (value > 0) return value
  throw new Failure(`--speed: ${JSON.stringify(text)} is no speed; write 1, 10, 0.5 or max`, exitCodes.usage)
}

function gapOf(text: string, parse: typeof parseNumber): number {
  const ms = parse(text, 'duration')
  if (ms !== null) return ms
  throw new Failure(
    `--max-gap: ${JSON.stringify(text)} is no duration; write 250ms, 2s or 1m`,
    exitCodes.usage,
  )
}
