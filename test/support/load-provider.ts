import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface ProviderCounts {
  /** Requests received whole. */
  served: number
  /** Those of them that asked for the usage chunk. */
  usageAsked: number
  openConnections: number
}

export interface LoadProvider {
  /** `http://127.0.0.1:PORT` */
  url: string
  counts(): Promise<ProviderCounts>
  stop(): Promise<void>
}

/** The scripted provider in another process, answering by the header `fake-answer` (load-provider-process.ts). */
export async function startLoadProvider(): Promise<LoadProvider> {
  const child = fork(fileURLToPath(new URL('./load-provider-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH },
  })
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the fake provider ended: ${code}`)),
  )
  const message = async () => (await Promise.race([once(child, 'message'), died]))[0]
  const { url } = (await message()) as { url: string }
  return {
    url,
    async counts() {
      const counts = message()
      child.send('counts')
      return (await counts) as ProviderCounts
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
