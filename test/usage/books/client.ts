import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { type ExchangePlan, lastWordOf } from './plan.ts'
import type { BookedProvider } from './provider.ts'
import { type ClientRequest, requestOf } from './requests.ts'

/** What a client saw of its exchange. */
export interface Seen {
  /** Null: it had left before there was one. */
  status: number | null
  /** As the proxy named it in the answer's head. */
  recordId: string | null
}

export interface BookClient {
  live(plan: ExchangePlan): Promise<Seen>
  close(): Promise<void>
}

/** How a client asks, and how it reads. */
export interface Asking extends ClientRequest {
  headers?: Record<string, string>
  /** Waits so long before each piece. */
  pauseMs?: number
}

/** Asks the proxy, reads what comes, and leaves when the plan says so. */
export function bookClient(
  url: string,
  provider: Pick<BookedProvider, 'waits' | 'goOn'>,
  askingOf: (plan: ExchangePlan) => Asking = requestOf,
): BookClient {
  const dispatcher = new Agent({ connections: 1_024, connectTimeout: 60_000 })
  const others = new Agent()

  /** When this has been answered, the proxy has heard of all that happened before on its other connections. */
  const proxyHasHeard = async () => {
    const { body } = await request(`${url}/healthz`, { dispatcher: others })
    await body.dump()
  }

  async function live(plan: ExchangePlan): Promise<Seen> {
    const { path, body, headers: own, pauseMs = 0 } = askingOf(plan)
    const leaving = new AbortController()
    const answered = request(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-id': plan.id, ...own },
      body,
      dispatcher,
      signal: leaving.signal,
    })
    const part = plan.parts.at(-1)
    if (plan.leaves && (part?.moment !== 'after output' || !plan.stream)) {
      void answered.catch(() => {})
      await provider.waits(plan.id)
      // Of what the provider has said before it waits.
      await proxyHasHeard()
      leaving.abort()
      await proxyHasHeard()
      provider.goOn(plan.id)
      return { status: null, recordId: null }
    }
    const { statusCode: status, headers, body: answer } = await answered
    const seen = { status, recordId: String(headers['x-llmproxy-exchange'] ?? '') || null }
    await read(answer, plan.leaves ? lastWordOf(plan.id) : null, pauseMs)
    if (plan.leaves) {
      answer.on('error', () => {})
      leaving.abort()
      await proxyHasHeard()
      provider.goOn(plan.id)
    }
    return seen
  }

  return { live, close: async () => void (await Promise.all([dispatcher.destroy(), others.destroy()])) }
}

/** Up to a word, or to the end or the cut. */
async function read(body: AsyncIterable<Buffer>, word: string | null, pauseMs: number): Promise<void> {
  let text = ''
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    if (pauseMs > 0) await pause(pauseMs)
    const next = await chunks.next().catch(() => null)
    if (next === null || next.done) return
    if (word === null) continue
    text += next.value.toString()
    if (text.includes(word)) return
  }
}
