import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SpawnOptions } from './spawn-proxy.ts'

/** Measures what a spawned proxy really holds. Resident memory says when Node last collected, too. */
export interface LiveMemory {
  /** What the proxy has to be started with. */
  options: Pick<SpawnOptions, 'nodeArgs' | 'env'>
  /** MB of 10⁶ bytes on and off the heap of its main thread, after a collection. */
  mb(pid: number): Promise<number>
  remove(): void
}

const onSignal = `
  import { renameSync, writeFileSync } from 'node:fs'
  const file = process.env.LIVE_MEMORY_FILE
  let count = 0
  process.on('SIGUSR2', () => {
    gc()
    gc()
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(file + '.new', ++count + ' ' + (heapUsed + external))
    renameSync(file + '.new', file)
  })
`

export function liveMemory(): LiveMemory {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-live-'))
  const file = join(folder, 'bytes')
  let asked = 0
  return {
    options: {
      nodeArgs: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(onSignal)}`],
      env: { LIVE_MEMORY_FILE: file },
    },
    mb(pid) {
      asked++
      return new Promise((resolve) => {
        const watcher = watch(folder, (_event, name) => {
          if (name !== 'bytes') return
          const [count, bytes] = readFileSync(file, 'utf8').split(' ')
          if (Number(count) !== asked) return
          watcher.close()
          resolve(Number(bytes) / 1e6)
        })
        process.kill(pid, 'SIGUSR2')
      })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
