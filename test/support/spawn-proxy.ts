import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { recording } from './openapi/recorded-answers.ts'

export interface SpawnedProxy {
  pid: number
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Resident memory now, in MB of 10⁶ bytes. */
  rssMb(): number
  /** Processor time of all its threads since it started. */
  cpuMs(): number
  /** How long its main thread was ready to run and another program had the processor: what only looks like delay. */
  waitedMs(): number
  /** Sockets that it holds now: the listener, its own demo backend, clients and backends. */
  openSockets(): number
  /** Everything that it wrote to stderr so far. */
  log(): string
  /** Ends it with SIGTERM, once. */
  stop(): Promise<ProxyEnd>
}

export interface ProxyEnd {
  exitCode: number | null
  /** From the signal on. */
  tookMs: number
}

export interface SpawnOptions {
  /** The content of its configuration file. */
  config?: object
  env?: NodeJS.ProcessEnv
  /** For Node itself: `--cpu-prof`, `--max-old-space-size=…`. */
  nodeArgs?: readonly string[]
  /** Default: a free one. */
  port?: number
  /** For its configuration, data and log (`stderr.log`); stays when it ends. Default: a temporary one, which does not. */
  folder?: string
}

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const startsWithinMs = 20_000
const clockTicksPerSecond = 100

/**
 * The built proxy as a process of its own, with its data in a temporary folder; resolves when it listens. Its
 * log goes to a file: a pipe would make it wait for whoever reads. Memory and processor time come from /proc. In a test
 * its answers are checked as all are (`openapi/check-answers.ts`).
 */
export async function spawnProxy(options: SpawnOptions = {}): Promise<SpawnedProxy> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'llmproxy-load-'))
  const logFile = join(folder, 'stderr.log')
  const configFile = join(folder, 'config.yaml')
  writeFileSync(configFile, stringify(options.config ?? {}))
  const logTo = openSync(logFile, 'w')
  const child = spawn(
    process.execPath,
    [
      ...[...recording.nodeArgs, ...(options.nodeArgs ?? []), program],
      ...['serve', '--config', configFile, '--port', `${options.port ?? 0}`],
    ],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, LLMPROXY_HOME: folder, ...recording.env, ...options.env },
      stdio: ['ignore', 'ignore', logTo],
    },
  )
  closeSync(logTo)
  const killed = () => child.kill('SIGKILL')
  process.once('exit', killed)
  let lastLog = ''
  let ended: Promise<ProxyEnd> | undefined
  const log = () => {
    if (ended === undefined || options.folder !== undefined) lastLog = readFileSync(logFile, 'utf8')
    return lastLog
  }
  const url = await address(child, folder, log)
  const pid = child.pid ?? 0
  return {
    pid,
    url,
    log,
    rssMb: () => (procNumber(pid, 'status', /VmRSS:\s+(\d+) kB/) * 1024) / 1e6,
    cpuMs: () => cpuTicks(pid) * (1000 / clockTicksPerSecond),
    waitedMs: () => procNumber(pid, 'schedstat', /^\d+ (\d+)/) / 1e6,
    openSockets: () => openSockets(pid),
    stop: () => {
      ended ??= end()
      return ended
    },
  }

  async function end(): Promise<ProxyEnd> {
    const startedMs = performance.now()
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await exited
    process.off('exit', killed)
    if (options.folder === undefined) {
      lastLog = readFileSync(logFile, 'utf8')
      rmSync(folder, { recursive: true, force: true })
    }
    return { exitCode: child.exitCode, tookMs: performance.now() - startedMs }
  }
}

function address(child: ChildProcess, folder: string, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      finish()
      child.kill('SIGKILL')
      reject(new Error(`the proxy ${why}: ${log()}`))
    }
    const look = () => {
      const found = /listens at (http:\S+)/.exec(log())
      if (!found) return
      finish()
      resolve(found[1] ?? '')
    }
    const ended = () => fail(`ended with ${child.exitCode}`)
    const timer = setTimeout(() => fail('did not listen in time'), startsWithinMs)
    const watcher = watch(folder, look)
    const finish = () => {
      clearTimeout(timer)
      watcher.close()
      child.off('exit', ended)
    }
    child.once('exit', ended)
    look()
  })
}

function procNumber(pid: number, file: string, pattern: RegExp): number {
  return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1])
}

/** The 14th and 15th field of proc(5)'s stat: user and system time. The second may hold spaces. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function openSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((name) => linkOf(join(folder, name)).startsWith('socket:')).length
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed since the folder was read
  }
}
