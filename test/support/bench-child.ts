import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface BenchChild {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Processor time that it has used. */
  cpuMs(): number
  stop(): Promise<void>
}

/** Starts a program of `scripts/bench` that tells its address: `provider.js`, `stream-provider.js`, `relay.js`. */
export async function startChild(name: string, args: readonly string[] = []): Promise<BenchChild> {
  const child = fork(fileURLToPath(new URL(`../../scripts/bench/${name}`, import.meta.url)), [...args], {
    execArgv: ['--import', 'tsx'],
  })
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`)))
  const [{ url }] = (await Promise.race([once(child, 'message'), died])) as [{ url: string }]
  return {
    url,
    cpuMs() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) * 10
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
