import { printable } from '../core/printable.ts'
import { exitCodes } from './exit-codes.ts'

/** What a command could not do, for people: the cause, and lines to try next. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number
  readonly tries: readonly string[]

  constructor(message: string, exitCode: number, tries: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.exitCode = exitCode
    this.tries = tries
  }
}

/**
 * A failure as the terminal shows it: what it quotes may come from anywhere. Lines to try stand alone, so that they
 * can be copied.
 */
export function failureText(failure: { message: string; tries: readonly string[] }): string {
  const lines = [...`error: ${failure.message}`.split('\n'), ...failure.tries.map((line) => `  try: ${line}`)]
  return lines.map((line) => printable(line)).join('\n')
}

/**
 * Anything thrown that a person can act upon, as a failure; undefined for faults of ours. Configuration faults
 * and refused starts are told by name: their modules are too heavy for commands that never meet them.
 */
export function asFailure(thrown: unknown): Failure | undefined {
  if (thrown instanceof Failure) return thrown
  if (!(thrown instanceof Error)) return undefined
  switch (thrown.name) {
    case 'ConfigFaults':
      return new Failure(thrown.message, exitCodes.usage, [], thrown)
    case 'StartRefused':
      return new Failure(thrown.message, startExitCode(thrown), [], thrown)
    case 'ProxyError':
    case 'StoreError':
      return new Failure(thrown.message, exitCodes.failed, [], thrown)
    default:
      return fileFailure(thrown)
  }
}

const systemWords = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left there'],
  ['EISDIR', 'is a folder, not a file'],
  ['ENOTDIR', 'a part of the path is no folder'],
])

/** An error of the system with the file that it is of, which a write's does not name. */
export function ofFile(error: unknown, path: string): unknown {
  return error instanceof Error && 'code' in error && !('path' in error)
    ? Object.assign(error, { path })
    : error
}

/** What the system says of a file that cannot be read or written. */
function fileFailure(error: NodeJS.ErrnoException): Failure | undefined {
  const words = systemWords.get(error.code ?? '')
  if (words === undefined || error.path === undefined) return undefined
  return new Failure(`${error.path}: ${words} (${error.code})`, exitCodes.failed, [], error)
}

function startExitCode(refused: Error): number {
  return 'exitCode' in refused && typeof refused.exitCode === 'number' ? refused.exitCode : exitCodes.usage
}
