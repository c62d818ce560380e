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
  let nextId = 0
  const { url } = (await message()) as { url: string }
  return {
    url,
    counts() {
      const id = nextId++
      const answered = new Promise<ProviderCounts>((resolve) => {
        // Several may ask at once, and each wants the answer to its own question.
        child.on('message', function take(reply: { id: number; counts: ProviderCounts }) {
          if (reply.id !== id) return
          child.off('message', take)
          resolve(reply.counts)
        })
      })
      child.send({ id })
      return Promise.race([answered, died])
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
