import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { probeProxy } from '../probe-proxy.ts'
import { localUrl } from '../proxy-address.ts'

/**
 * Why the listener could not be opened, and what to do; undefined for any other error. Not done rather than
 * failed: nothing is broken.
 */
export async function listenFailure(
  error: unknown,
  host: string,
  port: number,
): Promise<Failure | undefined> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return await portInUse(error, host, port)
    case 'EACCES':
      return new Failure(
        `port ${port} is not open to this user`,
        exitCodes.notDone,
        ['llmproxy serve --port 8000'],
        error,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(
        `${host} is no address of this machine`,
        exitCodes.usage,
        ['llmproxy serve --host 127.0.0.1'],
        error,
      )
    default:
      return undefined
  }
}

async function portInUse(error: unknown, host: string, port: number): Promise<Failure> {
  const url = localUrl(host, port)
  const elsewhere = `llmproxy serve --port ${port < 65535 ? port + 1 : port - 1}`
  const found = await probeProxy(url)
  return found.kind === 'llmproxy'
    ? new Failure(
        `llmproxy already runs there: version ${found.version} at ${url}`,
        exitCodes.notDone,
        ['llmproxy connect', elsewhere],
        error,
      )
    : new Failure(`port ${port} is in use by another program`, exitCodes.notDone, [elsewhere], error)
}
