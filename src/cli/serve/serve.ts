import { closeSync, openSync } from 'node:fs'
import type { LoadedConfig } from '../../config/load.ts'
import type { RunningProxy } from '../../server/running-proxy.ts'
import { untilEnded } from './lifetime.ts'
import { listenFailure } from './port-in-use.ts'
import { startText } from './start-text.ts'

/** What the command hands in: the configuration with its flags, and how a proxy is started. */
export interface ServeOptions {
  load: () => Promise<LoadedConfig>
  start: (options: {
    loaded: LoadedConfig
    reload: () => Promise<LoadedConfig>
    demoDefault: boolean
    env: NodeJS.ProcessEnv
    stderr: NodeJS.WritableStream
  }) => Promise<RunningProxy>
  demoDefault: boolean
  version: string
  process: Pick<NodeJS.Process, 'env' | 'stderr' | 'on' | 'off'>
}

/** Runs a proxy until a signal ends it; the exit code. Throws what kept it from starting. */
export async function serve({ load, start, demoDefault, version, process }: ServeOptions): Promise<number> {
  const { env, stderr } = process
  // A closed terminal or log pipe must not end the proxy.
  stderr.on('error', () => undefined)
  let loaded = await load()
  const reload = async () => {
    loaded = await load()
    return loaded
  }
  const say = (line: string) => void stderr.write(`${spoken(line, loaded)}\n`)
  for (const notice of loaded.notices) say(notice)
  const proxy = await started(() => start({ loaded, reload, demoDefault, env, stderr }), loaded)
  // One exchange's fault, however it escapes, must not end the others.
  process.on('uncaughtException', (fault) => proxy.reportFault(fault))
  process.on('unhandledRejection', (fault) => proxy.reportFault(fault))
  const ended = untilEnded({
    signals: process,
    close: () => proxy.close(),
    reload: () => proxy.reload(),
    graceSeconds: () => loaded.config.shutdown_grace_seconds,
    say,
    nowMs: Date.now,
    sameSignalMs: env.npm_lifecycle_event === undefined ? 0 : 300,
    terminalGone: () => stderr.isTTY === true && !hasTerminal(),
  })
  // Not before signals are heard: who waits for this text may send one at once.
  say(startText(proxy, loaded, version, env))
  return await ended
}

/** Where the log is asked to be JSON, nothing else may come between its lines. */
function spoken(line: string, { config }: LoadedConfig): string {
  if (config.logging.format !== 'json' || line.startsWith('{')) return line
  return JSON.stringify({ level: 'info', time: new Date().toISOString(), msg: line })
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

async function started(start: () => Promise<RunningProxy>, { config }: LoadedConfig): Promise<RunningProxy> {
  try {
    return await start()
  } catch (error) {
    throw (await listenFailure(error, config.host, config.port)) ?? error
  }
}
