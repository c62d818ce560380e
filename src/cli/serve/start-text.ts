import type { LoadedConfig } from '../../config/load.ts'
import type { RunningProxy } from '../../server/running-proxy.ts'
import type { Connection } from '../clients/client.ts'
import { curlLine } from '../clients/curl.ts'
import { connectLines } from '../connect/connect-lines.ts'
import { thisMachine } from '../connect/machine.ts'
import { localUrl } from '../proxy-address.ts'
import { type BannerFacts, serveBanner } from './banner.ts'

/** What `serve` writes once it listens: the banner, or, where the log is asked to be JSON, one JSON line. */
export function startText(
  proxy: RunningProxy,
  { config, file }: LoadedConfig,
  version: string,
  env: NodeJS.ProcessEnv,
): string {
  const { url, host, port, backends, accessKeys, ledgerPath } = proxy
  if (config.logging.format === 'json') {
    return JSON.stringify({
      level: 'info',
      time: new Date().toISOString(),
      msg: 'listening',
      url,
      version,
      backends,
    })
  }
  // Never the value: only the variable that the user has set it in.
  const variable = accessKeys > 0 ? 'LLMPROXY_API_KEY' : null
  const connection: Connection = {
    url: localUrl(host, port),
    accessKey: variable === null ? null : { value: '', variable },
  }
  const facts: BannerFacts = {
    url,
    version,
    configFile: file,
    backends,
    accessKeys,
    beyondLoopback: !/^(127\.|::1$|localhost$)/.test(host),
    ledgerPath,
    capture: captured(config.wire_capture),
    program: env.npm_lifecycle_event === undefined ? 'llmproxy' : 'node bin/run.js',
    connectLines: connectLines(connection, thisMachine(env)),
    tryLine: curlLine(connection),
  }
  return serveBanner(facts)
}

function captured({
  mode,
  output_dir: folder,
}: LoadedConfig['config']['wire_capture']): BannerFacts['capture'] {
  return mode === 'off' ? null : { mode, folder }
}
