import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoopBlock } from './loop-watch.ts'

export interface WatchedProxy {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** From now on its event loop is watched. */
  watch(): void
  /** Ends it, and tells when its event loop was late, and what it wrote to stderr. */
  stop(): Promise<{ blocks: LoopBlock[]; log: string }>
  kill(): void
}

/** A proxy from `src/` with a ledger, alone in a process, so that nothing of the test runs in its event loop. */
export async function startWatchedProxy(config: object): Promise<WatchedProxy> {
  const child = fork(fileURLToPath(new URL('./watched-proxy-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH },
  })
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the proxy ended with ${code}`)))
  died.catch(() => {})
  const message = async () => (await Promise.race([once(child, 'message'), died]))[0]
  child.send(config)
  const { url } = (await message()) as { url: string }
  return {
    url,
    watch: () => void child.send('watch'),
    async stop() {
      const exited = once(child, 'exit')
      child.send('stop')
      const end = (await message()) as { blocks: LoopBlock[]; log: string }
      await exited
      return end
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
