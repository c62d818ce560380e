import type { Predicate } from '../../filters/subject.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { type FilteredRecord, filteredRecord } from './filtered-record.ts'

/** `--filter` of a command that lists usage records. */
export async function recordFilter(expression: string, help: string): Promise<Predicate<FilteredRecord>> {
  const { compileFilter } = await import('../../filters/compile.ts')
  try {
    return compileFilter(expression, filteredRecord)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'FilterFault')) throw error
    throw new Failure(`--filter: ${error.message}`, exitCodes.usage, [help], error)
  }
}
