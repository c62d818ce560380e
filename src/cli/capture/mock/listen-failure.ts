import { shellWord } from '../../clients/shell.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

export interface ListenPlace {
  host: string
  port: number
  /** The capture as it was named; undefined: the newest. */
  file: string | undefined
}

/** Why it cannot listen, and what to do; any other error as it is. */
export function listenFailure(thrown: unknown, { host, port, file }: ListenPlace): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  const command = `llmproxy capture mock${file === undefined ? '' : ` ${shellWord(file)}`}`
  const elsewhere = `${command} --port 0`
  switch (code) {
    case 'EADDRINUSE':
      return new Failure(`port ${port} is in use`, exitCodes.notDone, [elsewhere], thrown)
    case 'EACCES':
      return new Failure(`port ${port} is not open to this user`, exitCodes.notDone, [elsewhere], thrown)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(`${host} is no address of this machine`, exitCodes.usage, [command], thrown)
    default:
      return thrown
  }
}
