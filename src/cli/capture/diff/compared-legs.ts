import type { LocatedDifference } from '../../../capture/diff/exchanges.ts'
import type { Leg } from '../../../core/exchange.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** The client's legs that are meant, which are those that are compared; null: both. */
export function comparedLegs(
  legs: ReadonlySet<Leg> | null,
  help: string,
): ReadonlySet<LocatedDifference['leg']> | null {
  if (legs === null) return null
  const compared = new Set<LocatedDifference['leg']>()
  for (const leg of legs) {
    if (leg !== 'CTP' && leg !== 'PTC') {
      const message = `--direction: a diff is of what clients sent and got, ctp and ptc, and not of ${leg.toLowerCase()}`
      throw new Failure(message, exitCodes.usage, [help])
    }
    compared.add(leg)
  }
  return compared
}
