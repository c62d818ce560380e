import { ProxyAway } from '../api-client.ts'
import { exitCodes } from '../exit-codes.ts'
import { asFailure, Failure } from '../failure.ts'
import type { HealthReport } from './report.ts'

/** The scale of `--exit-code`, as monitoring plugins have it. */
const scale = { ok: 0, degraded: 1, down: 2, unknown: 3 } as const

export const unknownHealth = scale.unknown

/**
 * What the shell sees of a report. Whether something is down, or nothing is usable, is for the proxy to judge: it
 * knows how long it would wait for a cooldown, and what its fallback would still try.
 */
export function healthExitCode({ status }: HealthReport, isRefined: boolean): number {
  if (!isRefined) return status === 'down' ? exitCodes.failed : exitCodes.ok
  return status === 'ok' || status === 'degraded' || status === 'down' ? scale[status] : scale.unknown
}

/** A failure to ask, on the scale of `--exit-code`. Wrong usage stays wrong usage. */
export function onScale(thrown: unknown): unknown {
  const failure = asFailure(thrown)
  if (failure === undefined || failure.exitCode === exitCodes.usage) return thrown
  const code = failure instanceof ProxyAway ? scale.down : scale.unknown
  return new Failure(failure.message, code, failure.tries, failure.cause)
}
