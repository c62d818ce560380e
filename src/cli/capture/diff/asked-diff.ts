import { stat } from 'node:fs/promises'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** What is to be compared: two captures, or two exchanges of one. */
export interface AskedDiff {
  /** Not given: the newest capture. */
  before: string | undefined
  after: string | undefined
  exchanges: [before: string, after: string] | null
}

const example = 'llmproxy capture diff FILE --exchange ID --exchange ID'

/** Throws `Failure` where it is neither two captures nor two exchanges of one. */
export function askedDiff(
  { before, after }: { before?: string | undefined; after?: string | undefined },
  exchanges: readonly string[],
  /** Flags that choose exchanges. */
  filters: readonly string[] = [],
): AskedDiff {
  const [one, other, third] = exchanges
  if (before === '-' || after === '-') throw readTwice('standard input')
  if (one === undefined) {
    if (before !== undefined && after !== undefined) return { before, after, exchanges: null }
    throw usage('a diff is of two captures, or of two exchanges of one', [
      'llmproxy capture diff A B',
      example,
    ])
  }
  if (other === undefined || third !== undefined)
    throw usage('a diff is of two exchanges: --exchange twice', [example])
  if (after !== undefined)
    throw usage('two exchanges are compared in one capture: leave out the second file', [example])
  const [filter] = filters.filter((name) => name !== '--direction')
  if (filter !== undefined) throw usage(`two exchanges are named already: leave out ${filter}`, [example])
  return { before, after: undefined, exchanges: [one, other] }
}

/** A pipe that is named gives what it has once, and then waits for more. */
export async function refuseOnceReadable(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found && !found.isFile() && !found.isDirectory()) throw readTwice(path)
}

function readTwice(path: string): Failure {
  return usage(`a diff reads its captures more than once, which ${path} cannot; name files`)
}

function usage(message: string, tries: readonly string[] = []): Failure {
  return new Failure(message, exitCodes.usage, tries)
}
