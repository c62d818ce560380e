import { readdirSync, readFileSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { SpawnOptions } from '../support/spawn-proxy.ts'

/** What a proxy says of itself. */
export interface Probed {
  /** MB of 10⁶ bytes on and off the heap of each thread, the main one first, after a collection. */
  liveMb: readonly number[]
  /** How late its main thread's event loop was since the last time, the collections for this measure not counted. */
  delayP99Ms: number
  delayMaxMs: number
  /** Timers and other things that keep it alive, by kind. */
  resources: Readonly<Record<string, number>>
}

const onSignal = `
  import { renameSync, writeFileSync } from 'node:fs'
  import { monitorEventLoopDelay } from 'node:perf_hooks'
  import { isMainThread, threadId } from 'node:worker_threads'
  const file = process.env.SOAK_PROBE_FILE
  const resolution = 10
  const write = (to, what) => {
    writeFileSync(to + '.new', JSON.stringify(what))
    renameSync(to + '.new', to)
  }
  const liveMb = () => {
    gc()
    gc()
    const { heapUsed, external } = process.memoryUsage()
    return (heapUsed + external) / 1e6
  }
  let delay
  let asked = 0
  const answer = () => {
    const late = delay ? [delay.percentile(99), delay.max].map((ns) => Math.max(0, ns / 1e6 - resolution)) : [0, 0]
    delay?.disable()
    const resources = {}
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
    asked++
    write(file, { asked, liveMb: liveMb(), delayP99Ms: late[0], delayMaxMs: late[1], resources })
    delay = monitorEventLoopDelay({ resolution })
    delay.enable()
  }
  // No signal reaches another thread: those tell every five seconds.
  const tell = () => write(file.replace('.json', '-thread-' + threadId + '.json'), liveMb())
  if (isMainThread) process.on('SIGUSR2', answer)
  else setInterval(tell, 5_000).unref()
`

const answersWithinMs = 60_000

export interface Probe {
  /** What the proxy has to be started with. */
  options: Pick<SpawnOptions, 'nodeArgs' | 'env'>
  ask(pid: number): Promise<Probed>
}

/** Asks a proxy for what can only be seen from within: with a signal, so that users' proxies need nothing for it. */
export function probeIn(folder: string): Probe {
  const name = 'probe.json'
  const file = join(folder, name)
  let asked = 0
  return {
    options: {
      nodeArgs: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(onSignal)}`],
      env: { SOAK_PROBE_FILE: file },
    },
    ask(pid) {
      asked++
      return new Promise((resolve, reject) => {
        const watcher = watch(folder, (_event, changed) => {
          if (changed !== name) return
          const answer = JSON.parse(readFileSync(file, 'utf8')) as Omit<Probed, 'liveMb'> & {
            asked: number
            liveMb: number
          }
          if (answer.asked !== asked) return
          finish()
          resolve({ ...answer, liveMb: [answer.liveMb, ...othersMb(folder)] })
        })
        const timer = setTimeout(() => {
          finish()
          reject(new Error('the proxy does not answer the signal'))
        }, answersWithinMs)
        const finish = () => {
          clearTimeout(timer)
          watcher.close()
        }
        process.kill(pid, 'SIGUSR2')
      })
    },
  }
}

/** A thread that has told nothing for so long has ended. */
const endedAfterMs = 60_000

function othersMb(folder: string): number[] {
  const files = readdirSync(folder).filter((name) => /-thread-\d+\.json$/.test(name))
  const alive = files.filter((name) => Date.now() - statSync(join(folder, name)).mtimeMs < endedAfterMs)
  return alive.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as number)
}
