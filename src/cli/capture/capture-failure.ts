import { Failure } from '../failure.ts'
import { shellArgument } from './inspect/shown.ts'

/** What unpacks a file, by how its name ends. */
const unpacking: Readonly<Record<string, string>> = {
  gz: 'gunzip -c',
  zst: 'zstd -dc',
  xz: 'xz -dc',
  bz2: 'bunzip2 -c',
}

/** What a capture could not be read or written for, with the exit code that the command has for it; other errors as they are. */
export function captureFailure(thrown: unknown, exitCode: number): unknown {
  if (!(thrown instanceof Error) || thrown.name !== 'CaptureError') return thrown
  return new Failure(thrown.message, exitCode, triesFor(thrown.message), thrown)
}

function triesFor(message: string): string[] {
  const [, path, ending] = /^no llmproxy capture: (.*\.(gz|zst|xz|bz2)) \(/.exec(message) ?? []
  const unpacked = unpacking[ending ?? '']
  if (path === undefined || unpacked === undefined) return []
  return [`${unpacked}${shellArgument(path)} | llmproxy capture inspect -`]
}
