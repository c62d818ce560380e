import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** Why it cannot listen, and what to do; any other error as it is. */
export function listenFailure(thrown: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  const elsewhere = 'llmproxy capture mock --port 0'
  switch (code) {
    case 'EADDRINUSE':
      return new Failure(`port ${port} is in use`, exitCodes.notDone, [elsewhere], thrown)
    case 'EACCES':
      return new Failure(`port ${port} is not open to this user`, exitCodes.notDone, [elsewhere], thrown)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(`${host} is no address of this machine`, exitCodes.usage, [elsewhere], thrown)
    default:
      return thrown
  }
}
