import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Random } from '../corpus/random.ts'
import { adminKey } from './soak-config.ts'

export interface ApiReaders {
  /** What was read, by path without its query. */
  readonly reads: Readonly<Record<string, number>>
  /** Ends all of them. */
  stop(): Promise<void>
}

const readEveryMs = 400
const watchers = 3
const paths = [
  '/v1/usage/stats?group_by=model',
  '/v1/usage/stats?group_by=proxy_user,hour',
  '/v1/usage/recent?limit=50',
  '/internal/live',
  '/internal/live',
  '/metrics',
  '/internal/health',
  '/v1/replacement/metrics',
  '/v1/models',
] as const

/** Those who read the proxy's own API: some ask again and again, others listen to its events, come, go and forget to read. */
export function startReaders(url: string, random: Random, miss: (fault: string) => void): ApiReaders {
  const dispatcher = new Agent()
  const ending = new AbortController()
  const { signal } = ending
  const reads: Record<string, number> = {}
  const headers = { 'x-llmproxy-key': adminKey }
  const counted = (path: string) => {
    const plain = path.split('?')[0] ?? path
    reads[plain] = (reads[plain] ?? 0) + 1
  }

  async function readOn(): Promise<void> {
    while (!signal.aborted) {
      const path = random.pick(paths)
      const { statusCode, body } = await request(url + path, { headers, dispatcher })
      const text = await body.text()
      if (statusCode !== 200) miss(`${path}: status ${statusCode}`)
      for (const dropped of droppedIn(text)) miss(`${path}: ${dropped}`)
      counted(path)
      await pause(readEveryMs, undefined, { signal })
    }
  }

  async function watchOn(isReading: boolean): Promise<void> {
    while (!signal.aborted) {
      const leaving = new AbortController()
      const { body } = await request(`${url}/internal/events`, {
        headers,
        dispatcher,
        signal: leaving.signal,
      })
      body.on('error', () => {}) // it is left, or was let go as it does not read
      if (isReading) body.resume()
      counted('/internal/events')
      await pause(random.int(2_000, 15_000), undefined, { signal }).finally(() => leaving.abort())
    }
  }

  const alive = [readOn(), ...Array.from({ length: watchers }, (_, at) => watchOn(at > 0))].map((reader) =>
    reader.catch((error: unknown) => {
      if (!signal.aborted) miss(`reading the API: ${error}`)
    }),
  )
  return {
    reads,
    async stop() {
      ending.abort()
      await Promise.all(alive)
      await dispatcher.destroy()
    },
  }
}

/** Anything that metrics or health say was dropped, refused for want of room, or switched off. */
function droppedIn(text: string): string[] {
  const said = [
    ...text.matchAll(/^llmproxy_\w*(?:dropped|monitors_off)\w*(?:\{[^}]*\})? (?!0$).+$/gm),
    ...text.matchAll(/"dropped_\w+":[1-9]\d*/g),
  ]
  return said.map(([line]) => line)
}
