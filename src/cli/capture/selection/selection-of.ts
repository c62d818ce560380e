import type { filteredExchange } from '../../../capture/inspect/filtered-exchange.ts'
import type { everything, Selection } from '../../../capture/inspect/selection.ts'
import { type Leg, legs } from '../../../core/exchange.ts'
import { nearest } from '../../../core/nearest.ts'
import type { compileFilter } from '../../../filters/compile.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import type { SelectionValues } from './flags.ts'
import { type ParseBound, timeBound } from './time-bound.ts'

export interface SelectionSources {
  capture: { everything: typeof everything; filteredExchange: typeof filteredExchange }
  compileFilter: typeof compileFilter
  parseBound: ParseBound
  help: string
}

/** The flags of `selectionFlags` as what is meant of a capture. Throws failures of usage. */
export function selectionOf(flags: SelectionValues, sources: SelectionSources): Selection {
  const { capture, help, parseBound } = sources
  const sinceMs = flags.since === undefined ? null : timeBound(flags.since, 'start', '--since', parseBound)
  const untilMs = flags.until === undefined ? null : timeBound(flags.until, 'end', '--until', parseBound)
  if (sinceMs !== null && untilMs !== null && untilMs <= sinceMs) {
    const message = `--until ${flags.until} is before --since ${flags.since}: nothing is between them`
    throw new Failure(message, exitCodes.usage)
  }
  const lower = (names: readonly string[] = []) => names.map((name) => name.toLowerCase())
  const { direction = [] } = flags
  return {
    ...capture.everything,
    backends: lower(flags.backend),
    models: lower(flags.model),
    session: flags['session-id'] ?? null,
    sessionPart: flags['session-substring'] ?? null,
    legs: direction.length === 0 ? null : new Set(direction.flatMap((name) => legNamed(name, help))),
    search: flags.search?.toLowerCase() ?? null,
    ...{ sinceMs, untilMs },
    matches: flags.filter === undefined ? null : filterOf(flags.filter, sources),
  }
}

/** Ours and the original's, which says them in full. */
const legNames: Readonly<Record<string, Leg>> = {
  client_to_proxy: 'CTP',
  proxy_to_backend: 'PTB',
  backend_to_proxy: 'BTP',
  proxy_to_client: 'PTC',
}

function legNamed(given: string, help: string): Leg[] {
  return given.split(',').map((name) => {
    const word = name.trim().toLowerCase().replaceAll('-', '_')
    const leg = legs.find((one) => one.toLowerCase() === word) ?? legNames[word]
    if (leg) return leg
    const near = nearest(word, [...legs.map((one) => one.toLowerCase()), ...Object.keys(legNames)])
    const question = near === undefined ? 'the legs are ctp, ptb, btp and ptc' : `did you mean ${near}?`
    const message = `--direction: there is no leg ${JSON.stringify(name)}; ${question}`
    throw new Failure(message, exitCodes.usage, [help])
  })
}

function filterOf(
  expression: string,
  { compileFilter, capture, help }: SelectionSources,
): Selection['matches'] {
  try {
    return compileFilter(expression, capture.filteredExchange)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'FilterFault')) throw error
    throw new Failure(`--filter: ${error.message}`, exitCodes.usage, [help], error)
  }
}
