import { stat } from 'node:fs/promises'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** `recover` copies one file to another: other commands read folders and standard input as well. */
export async function refuseNoFile(from: string, to: string): Promise<void> {
  if (from === '-' || to === '-')
    throw new Failure('recover copies a file to a file, not by -', exitCodes.usage)
  const isFolder = await stat(from).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) throw new Failure(`${from} is a folder: name one of the captures in it`, exitCodes.usage)
}
