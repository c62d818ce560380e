import { Failure } from '../failure.ts'

/** What a capture could not be read or written for, with the exit code that the command has for it; other errors as they are. */
export function captureFailure(thrown: unknown, exitCode: number): unknown {
  if (!(thrown instanceof Error) || thrown.name !== 'CaptureError') return thrown
  return new Failure(thrown.message, exitCode, [], thrown)
}
