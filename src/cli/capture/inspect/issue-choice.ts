import type { Detector, Severity } from '../../../capture/detectors/detector.ts'
import { nearest } from '../../../core/nearest.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import type { InspectValues } from './flags.ts'

export interface IssueChoice {
  minSeverity?: Severity
  only?: readonly string[]
  skip?: readonly string[]
}

/** Which issues are meant. Codes may be the original's types; one that does not exist is a failure of usage. */
export function issueChoice(flags: InspectValues, detectors: readonly Detector[], help: string): IssueChoice {
  const only = codes('--only', flags.only, detectors, help)
  const skip = codes('--skip', flags.skip, detectors, help)
  const least = flags['min-severity'] as Severity | undefined
  return { ...(least && { minSeverity: least }), ...(only && { only }), ...(skip && { skip }) }
}

function codes(
  flag: string,
  given: readonly string[] | undefined,
  detectors: readonly Detector[],
  help: string,
): string[] | null {
  if (given === undefined || given.length === 0) return null
  return given
    .flatMap((text) => text.split(','))
    .map((text) => text.trim().toLowerCase().replaceAll('-', '_'))
    .filter((text) => text !== '')
    .flatMap((code) => {
      const meant = detectors.filter((one) => one.code === code || one.legacyType === code)
      if (meant.length > 0) return meant.map((one) => one.code)
      const known = detectors.map((one) => one.code)
      const near = nearest(code, known)
      const question = near === undefined ? `; there are ${known.join(', ')}` : `; did you mean ${near}?`
      throw new Failure(`${flag}: there is no issue ${JSON.stringify(code)}${question}`, exitCodes.usage, [
        help,
      ])
    })
}

const ranks: Readonly<Record<Severity, number>> = { info: 0, note: 1, warn: 2, error: 3 }

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return ranks[severity] >= ranks[least]
}
