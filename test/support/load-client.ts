import type { Agent } from 'node:http'
import { failingStatus, type MixKind, type MixProtocol, mixStreamText, refusedStatus } from './load-mix.ts'
import { type OpenStream, openStream } from './raw-client.ts'

export interface LoadClient {
  /** Lives through one exchange of the mix; what was not as it should be, or null. */
  live(protocol: MixProtocol, kind: MixKind, text: string): Promise<string | null>
}

export function loadClient(url: string, agent: Agent): LoadClient {
  return {
    async live(protocol, kind, text) {
      const stream = kind === 'stream' || kind === 'cut' || kind === 'endless'
      try {
        const answer = await openStream(url + protocol.path(stream), {
          headers: { 'fake-answer': `mix ${kind}` },
          body: JSON.stringify(protocol.request(text, stream)),
          agent,
        })
        return await judges[kind](answer, protocol)
      } catch (error) {
        return String(error)
      }
    },
  }
}

type Judge = (answer: OpenStream, protocol: MixProtocol) => Promise<string | null>

const judges: Record<MixKind, Judge> = {
  whole: async (answer, protocol) =>
    same(answer.status, await answer.text(), JSON.stringify(protocol.answer())),
  stream: async (answer, protocol) => same(answer.status, await answer.text(), mixStreamText(protocol)),
  refused: (answer) => refusedWith(answer, refusedStatus),
  failing: (answer) => refusedWith(answer, failingStatus),
  async cut(answer, protocol) {
    const { text, cut } = await answer.drain()
    if (!cut) return 'a stream that was cut ended as if it were whole'
    const begun = mixStreamText(protocol).slice(0, 200)
    if (!text.startsWith(begun)) return `the beginning was lost: ${text.slice(0, 300)}`
    return /error/.test(text) ? null : `no error event: ${text.slice(-300)}`
  },
  async endless(answer) {
    let pieces = 0
    for await (const _ of answer.chunks) {
      pieces++
      if (pieces === 3) break
    }
    answer.abort()
    return answer.status === 200 && pieces === 3 ? null : `status ${answer.status}, ${pieces} pieces`
  },
}

async function refusedWith(answer: OpenStream, status: number): Promise<string | null> {
  const text = await answer.text()
  return answer.status === status && text.includes('error') ? null : `status ${answer.status}: ${text}`
}

function same(status: number, text: string, expected: string): string | null {
  if (status !== 200) return `status ${status}: ${text}`
  return text === expected ? null : `got ${text.slice(0, 500)} in place of ${expected.slice(0, 500)}`
}
