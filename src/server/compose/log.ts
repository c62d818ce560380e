import type { Writable } from 'node:stream'
import type { LoadedConfig } from '../../config/load.ts'
import type { Secrets } from '../../core/secrets/secrets.ts'
import { boundedOutput } from '../../logs/bounded-output.ts'
import { gatheredOutput } from '../../logs/gathered-output.ts'
import { createLog, type Log, logFormat } from '../../logs/log.ts'

/** The log of a configuration, onto stderr. */
export function logOnto(stderr: NodeJS.WritableStream, { config }: LoadedConfig, secrets: Secrets): Log {
  const isTerminal = (stderr as NodeJS.WriteStream).isTTY === true
  return createLog({
    level: config.logging.level,
    format: logFormat(config.logging.format, isTerminal),
    write: gatheredOutput(
      boundedOutput(stderr as Writable, (count) => `${count} log lines were lost: nobody read them\n`),
    ),
    secrets,
    colour: isTerminal && !process.env.NO_COLOR,
  })
}

/** Names what a running listener cannot change. */
export function warnOfRestart(
  log: Log,
  { config: before }: LoadedConfig,
  { config: after }: LoadedConfig,
): void {
  const keys: string[] = (['host', 'port'] as const).filter((key) => before[key] !== after[key])
  if (before.logging.format !== after.logging.format) keys.push('logging.format')
  if (keys.length > 0) log.warn({ keys }, 'changed in the configuration, but only a restart takes it')
}
