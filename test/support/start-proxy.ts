import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { stringify } from 'yaml'
import { presetHosts } from '../../src/backends/index.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Monitor } from '../../src/core/monitor.ts'
import { startProxy } from '../../src/server/compose.ts'
import type { RunningProxy } from '../../src/server/running-proxy.ts'

export interface TestProxy extends RunningProxy {
  /** Everything it wrote to stderr so far. */
  log(): string
  folder: string
  configFile: string | null
  /** Writes another configuration into the file (not reloaded by itself: see `reload`). */
  rewrite(config: object | string): Promise<void>
  stop(): Promise<void>
}

export interface TestProxyOptions {
  /** The configuration file's content, as an object or YAML text; none: no file at all. */
  config?: object | string
  env?: NodeJS.ProcessEnv
  clock?: Clock
  monitors?: readonly Monitor[]
  /** Origin of a provider → origin of a fake that stands in its place. */
  instead?: Record<string, string>
  demoDefault?: boolean
  /** Checks endpoints, of which providers would hear that most tests do not expect. */
  checks?: boolean
  /** Writes a usage ledger, which takes threads and time that most tests have no use for. */
  ledger?: boolean
}

/** A real proxy on a free loopback port, with its data in a folder of its own. */
export async function startTestProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'llmproxy-test-'))
  const configFile = options.config === undefined ? null : join(folder, 'config.yaml')
  const env = {
    LLMPROXY_HOME: folder,
    ...(options.ledger ? {} : { USAGE_TRACKING_ENABLED: 'false' }),
    ...(options.checks ? {} : { HEALTH_CHECK_ENABLED: 'false' }),
    ...options.env,
  }
  const text = (config: object | string) => (typeof config === 'string' ? config : stringify(config))
  if (configFile !== null && options.config !== undefined) await writeFile(configFile, text(options.config))
  const load = () =>
    loadConfig({
      env,
      cwd: folder,
      configPath: configFile ?? undefined,
      implicit: false,
      knownHosts: presetHosts(),
      flags: { port: 0 },
    })
  const written: string[] = []
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  const proxy = await startProxy({
    loaded: await load(),
    reload: load,
    demoDefault: options.demoDefault ?? false,
    env,
    stderr,
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.monitors ? { monitors: options.monitors } : {}),
    dial: (origin) => options.instead?.[origin] ?? origin,
  })
  return {
    ...proxy,
    folder,
    configFile,
    log: () => written.join(''),
    async rewrite(config) {
      if (configFile === null) throw new Error('this proxy has no configuration file')
      await writeFile(configFile, text(config))
    },
    async stop() {
      await proxy.close(0)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
