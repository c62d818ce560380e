import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

const usualSeconds = '2'
const number = /^\d+(\.\d+)?$/

/** `--watch` may stand alone, which oclif knows of no flag with a value: the usual one is put in. */
export function withWatchSeconds(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const isAlone = word === '--watch' && !number.test(argv[index + 1] ?? '')
    return isAlone ? `--watch=${usualSeconds}` : word
  })
}

/** The value of `--watch` in milliseconds. */
export function watchMs(seconds: string): number {
  const value = number.test(seconds) ? Number(seconds) : Number.NaN
  if (value >= 0.2 && value <= 3_600) return value * 1_000
  throw new Failure(`--watch takes 0.2 to 3600 seconds, not ${JSON.stringify(seconds)}`, exitCodes.usage)
}
