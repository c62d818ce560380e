import { isDeepStrictEqual } from 'node:util'
import { protocolNamed } from '../../../../src/protocols/index.ts'
import { type CaptureDraft, captureOf, sessionOf } from '../../../support/a-capture.ts'
import type { CorpusExchange } from '../../../support/corpus.ts'

/** One recorded exchange, or the turns of one recorded conversation, as a proxy without fault would have passed it. */
export interface CleanCapture {
  /** Of its last exchange. */
  id: string
  recorded: readonly CorpusExchange[]
  make(): CaptureDraft
}

export function cleanCaptures(corpus: readonly CorpusExchange[]): CleanCapture[] {
  const single = corpus.map((one) => ({ id: one.id, recorded: [one], make: () => captureOf(one) }))
  const sessions = conversations(corpus).map((turns) => ({
    id: `${turns.at(-1)?.id} (${turns.length} turns)`,
    recorded: turns,
    make: () => sessionOf(turns),
  }))
  return [...single, ...sessions]
}

/** Recordings of one test (`…#0`, `…#1`) of which each continues the conversation of the one before. */
function conversations(corpus: readonly CorpusExchange[]): CorpusExchange[][] {
  const byTest = new Map<string, CorpusExchange[]>()
  for (const one of corpus.filter(({ misc, request }) => misc === null && request !== null)) {
    const name = one.id.replace(/#\d+$/, '')
    byTest.set(name, [...(byTest.get(name) ?? []), one])
  }
  const found: CorpusExchange[][] = []
  for (const calls of byTest.values()) {
    let turns: CorpusExchange[] = []
    for (const call of calls.sort((a, b) => numberOf(a) - numberOf(b))) {
      const last = turns.at(-1)
      if (!last || !continues(last, call)) {
        found.push(turns)
        turns = []
      }
      turns.push(call)
    }
    found.push(turns)
  }
  return found.filter((turns) => turns.length > 1)
}

function numberOf({ id }: CorpusExchange): number {
  return Number(/#(\d+)$/.exec(id)?.[1] ?? 0)
}

function continues(before: CorpusExchange, after: CorpusExchange): boolean {
  if (before.protocol !== after.protocol || before.response.status >= 400) return false
  const earlier = conversationOf(before)
  const later = conversationOf(after)
  return later.length > earlier.length && earlier.every((item, i) => isDeepStrictEqual(item, later[i]))
}

function conversationOf({ protocol, request }: CorpusExchange): unknown[] {
  return request
    ? protocolNamed(protocol)
        .readRequest(request.body)
        .conversation.map(({ item }) => item)
    : []
}
