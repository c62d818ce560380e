import { lookup as lookUp } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Client } from 'undici'
import { type HeaderPairs, headerPairs } from '../../core/http.ts'
import type { ClientRequest } from './client-request.ts'

/** Hears an answer as it comes; each chunk is its own. */
export interface AnswerListener {
  head(status: number, headers: HeaderPairs): void
  data(bytes: Uint8Array): void
}

/** How an answer ended: whole, because we left, or cut. */
export type AnswerEnd =
  | { why: 'eof' | 'abort_client' }
  /** Null status: nothing came at all. */
  | { why: 'error'; error: Error }

export interface ReplayClient {
  /** Resolves when the answer is over, however; never rejects. Aborting `signal` leaves it. */
  send(request: ClientRequest, listener: AnswerListener, signal?: AbortSignal): Promise<AnswerEnd>
  close(): Promise<void>
}

/**
 * Connections to one address, by no proxy of the environment. Redirects are answers like others. `credential`: headers
 * that open the target.
 */
export function replayClient(url: string, credential: HeaderPairs = [], silenceMs = 600_000): ReplayClient {
  const { origin, pathname } = new URL(url)
  const prefix = pathname.replace(/\/+$/, '')
  const open = new Set<Client>()

  async function send(
    request: ClientRequest,
    listener: AnswerListener,
    signal: AbortSignal | undefined,
  ): Promise<AnswerEnd> {
    // One connection each: whatever became of an answer, the next one knows nothing of it.
    const client = new Client(origin, {
      ...{ pipelining: 1, headersTimeout: silenceMs, bodyTimeout: silenceMs },
      connect: { lookup },
    })
    open.add(client)
    try {
      const { method, path, headers, body } = request
      const answer = await client.request({
        ...{ method: method as 'POST', path: prefix + path, responseHeaders: 'raw' as const },
        headers: [...credential, ['accept-encoding', 'identity'], ...headers].flat(),
        body: body.length > 0 ? body : null,
        ...(signal && { signal }),
      })
      listener.head(answer.statusCode, headerPairs(answer.headers as unknown as string[]))
      for await (const chunk of answer.body) listener.data(chunk as Buffer)
      return { why: 'eof' }
    } catch (thrown) {
      if (signal?.aborted) return { why: 'abort_client' }
      return { why: 'error', error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
    } finally {
      open.delete(client)
      client.destroy().catch(() => {})
    }
  }

  return {
    send,
    async close() {
      await Promise.all([...open].map((client) => client.destroy()))
    },
  }
}

const thisMachine = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** `localhost` is this machine, whatever a name server says of it. */
const lookup: LookupFunction = (host, options, done) => {
  if (host !== 'localhost') return lookUp(host, options, done)
  if (options.all) return done(null, thisMachine)
  done(null, '127.0.0.1', 4)
}
