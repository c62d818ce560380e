import { comparePassages, type PassedOn } from '../diff/legs.ts'
import { type DifferenceReport, differenceReport } from '../diff/report.ts'
import { type FindOptions, type FoundExchange, findExchange } from './find-exchange.ts'
import { type TimelineRow, timelineOf } from './timeline.ts'

/** What captures have of an exchange. */
export interface Captured extends Omit<FoundExchange, 'exchange'> {
  /** Null: none of those that were looked at has it. */
  found: {
    file: string
    isClosed: boolean
    timeline: TimelineRow[]
    passages: (Omit<PassedOn, 'differences'> & { differences: Omit<DifferenceReport, 'leg'>[] })[]
  } | null
}

/** Looks for it as `findExchange` does. */
export async function readCaptured(id: string, path: string, options: FindOptions): Promise<Captured> {
  const { exchange, ...looked } = await findExchange(id, path, options)
  if (!exchange) return { ...looked, found: null }
  const passages = comparePassages(exchange).map(({ differences, ...passage }) => ({
    ...passage,
    differences: differences.map(differenceReport),
  }))
  const { file, closed } = exchange
  return { ...looked, found: { file, isClosed: closed !== null, timeline: timelineOf(exchange), passages } }
}
