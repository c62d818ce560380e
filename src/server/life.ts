import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ConfigFaults } from '../config/faults.ts'
import { watchConfig } from '../config/watch.ts'
import type { Clock } from '../core/clock.ts'
import { ProxyError } from '../core/errors.ts'
import type { Log } from '../logs/log.ts'
import type { Pipeline } from '../proxy/pipeline.ts'
import type { Configured } from './configured.ts'
import { credentialWords } from './credential-words.ts'
import { type RunningProxy, StartRefused } from './running-proxy.ts'

export interface LifeParts {
  app: FastifyInstance<Server>
  pipeline: Pipeline
  clock: Clock
  log: Log
  /** Where usage records go; null while there is no ledger. */
  ledgerPath: string | null
  current: () => Configured
  /** From now on new requests are refused. */
  onClosing: () => void
  /** Reads the configuration again and takes it; throws and changes nothing when it is faulty. */
  reconfigure: () => Promise<void>
  onReloadFailed: (error: Error) => void
  closeParts: () => Promise<unknown>
}

/** What is cut gets this long to reach its clients. */
const lastWordsMs = 1_000

/** Listening, reloading and ending, gracefully. `listen` gives the running proxy. */
export function createLife(parts: LifeParts): { listen(): Promise<RunningProxy> } {
  const { app, pipeline, clock, log, current } = parts
  let watch: { close(): void } | undefined
  let closed: Promise<void> | undefined

  async function reload(): Promise<void> {
    try {
      await parts.reconfigure()
      log.info({ file: current().loaded.file }, 'configuration reloaded')
    } catch (error) {
      parts.onReloadFailed(error as Error)
      logFaults(log, error)
      log.error({}, 'the configuration was not reloaded, the running one stays')
    }
  }

  async function close(graceMs = current().loaded.config.shutdown_grace_seconds * 1000): Promise<void> {
    parts.onClosing()
    watch?.close()
    app.server.close()
    app.server.closeIdleConnections()
    await Promise.race([pipeline.idle(), after(clock, graceMs)])
    pipeline.stopAll(
      new ProxyError('shutting_down', 'the proxy is shutting down and cut this answer', {
        retryAfterMs: 1000,
      }),
    )
    await Promise.race([pipeline.idle(), after(clock, lastWordsMs)])
    app.server.closeAllConnections()
    await app.close()
    await parts.closeParts()
  }

  return {
    async listen() {
      const { config, file } = current().loaded
      await app.listen({ host: config.host.replace(/^\[|\]$/g, ''), port: config.port })
      for (const line of current().warnings) log.warn({}, line)
      if (file !== null) watch = watchConfig(file, () => void reload(), clock)
      return {
        ...addressOf(app.server, config.host),
        backends: current().backends.map((backend) => ({
          name: backend.name,
          credential: credentialWords(backend),
        })),
        accessKeys: current().apiKeys.length,
        ledgerPath: parts.ledgerPath,
        reload,
        close: (graceMs) => {
          closed ??= close(graceMs)
          return closed
        },
        reportFault: (error) => log.error({ err: error }, 'a fault that nobody caught; the proxy goes on'),
      }
    },
  }
}

/** What a person wrote wrong comes as its messages, one a line; only a fault of ours needs its stack. */
function logFaults(log: Log, error: unknown): void {
  if (error instanceof ConfigFaults || error instanceof StartRefused) {
    for (const line of error.message.split('\n')) log.error({}, line.trim())
  } else log.error({ err: error }, 'a fault of the proxy')
}

function addressOf(server: Server, configuredHost: string): { url: string; host: string; port: number } {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const host = configuredHost.replace(/^\[|\]$/g, '')
  return { host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` }
}

function after(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve))
}
