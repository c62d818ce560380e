import { Agent, request } from 'undici'
import { type ExchangePlan, lastWordOf } from './plan.ts'
import type { BookedProvider } from './provider.ts'
import { requestOf } from './requests.ts'

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

/** Asks the proxy, reads what comes, and leaves when the plan says so. */
export function bookClient(url: string, provider: BookedProvider): BookClient {
  const dispatcher = new Agent({ connections: 256 })

  /** When this has been answered, the proxy has heard of all that happened before on its other connections. */
  const proxyHasHeard = async () => {
    const { body } = await request(`${url}/healthz`, { dispatcher })
    await body.dump()
  }

  async function live(plan: ExchangePlan): Promise<Seen> {
    const { path, body } = requestOf(plan)
    const leaving = new AbortController()
    const answered = request(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-id': plan.id },
      body,
      dispatcher,
      signal: leaving.signal,
    })
    const part = plan.parts.at(-1)
    if (plan.leaves && (part?.moment !== 'after output' || !plan.stream)) {
      void answered.catch(() => {})
      await provider.waits(plan.id)
      leaving.abort()
      await proxyHasHeard()
      provider.goOn(plan.id)
      return { status: null, recordId: null }
    }
    const { statusCode: status, headers, body: answer } = await answered
    const seen = { status, recordId: String(headers['x-llmproxy-exchange'] ?? '') || null }
    await read(answer, plan.leaves ? lastWordOf(plan.id) : null)
    if (plan.leaves) {
      answer.on('error', () => {})
      leaving.abort()
      await proxyHasHeard()
      provider.goOn(plan.id)
    }
    return seen
  }

  return { live, close: () => dispatcher.destroy() }
}

/** Up to a word, or to the end or the cut. */
async function read(body: AsyncIterable<Buffer>, word: string | null): Promise<void> {
  let text = ''
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    const next = await chunks.next().catch(() => null)
    if (next === null || next.done) return
    text += next.value.toString()
    if (word !== null && text.includes(word)) return
  }
}
