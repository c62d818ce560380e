import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** Refuses an output that would overwrite what is read: a capture is evidence. */
export async function refuseOverwriting(output: string, input: string): Promise<void> {
  const [from, to] = await Promise.all([input, output].map((path) => stat(path).catch(() => null)))
  const isSame = from && to && from.dev === to.dev && from.ino === to.ino
  const isAmong =
    to && from?.isDirectory() && output.endsWith('.cbor') && resolve(dirname(output)) === resolve(input)
  if (!isSame && !isAmong) return
  throw new Failure(
    `${output} is what is read: nothing would be left of it; name another file`,
    exitCodes.usage,
  )
}
