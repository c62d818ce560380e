import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { findProxy } from '../../find-proxy.ts'
import type { ReplayValues } from './flags.ts'

export interface ReplayTargetUrl {
  url: string
  accessKey: string | null
  isLoopback: boolean
}

/**
 * Where recorded requests are to go: `--against`, else the proxy as other commands find it. Nothing is asked of the
 * network. Throws a failure of usage, or of the guard: elsewhere only with `--live`.
 */
export async function targetOf(
  flags: ReplayValues,
  env: NodeJS.ProcessEnv,
  isLoopbackUrl: (url: string) => boolean,
): Promise<ReplayTargetUrl> {
  if (flags.against !== undefined) refuseNoAddress(flags.against)
  const { url } = await findProxy({ ...flags, url: flags.against }, env)
  const isLoopback = isLoopbackUrl(url)
  if (!isLoopback && !flags.live) {
    throw new Failure(
      `${new URL(url).host} is not this machine, as far as its address says: recorded requests go elsewhere only with ` +
        '--live and --yes-spend',
      exitCodes.notDone,
      [`llmproxy capture replay --live --against ${url} --dry-run`],
    )
  }
  return { url, accessKey: flags['api-key'] ?? (env.LLMPROXY_API_KEY || null), isLoopback }
}

function refuseNoAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (!isAddress) {
    const message = `--against must be an address such as http://127.0.0.1:8000, not ${text}`
    throw new Failure(message, exitCodes.usage)
  }
  // A host may be written in front of the real one.
  if (url.username === '' && url.password === '') return
  throw new Failure(
    `--against: the host is ${url.host}, and what stands before it is a user's name; an access key goes into --api-key`,
    exitCodes.notDone,
  )
}
