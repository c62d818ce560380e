import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import { type ProtocolName, protocolNames } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { failedEnds } from '../../../src/proxy/translation/failed-ends.ts'
import {
  aboutAnswer,
  decoded,
  essence,
  folded,
  type RecordedAnswer,
  recordedAnswers,
} from './recorded-answer.ts'

/** Answers that ended in an error are told as one: `failed-ends.ts`. */
const answers = recordedAnswers().filter(({ events }) =>
  failedEnds(events).every(({ type }) => type !== 'error'),
)

describe.skipIf(answers.length === 0)(
  'every recorded answer, said in every other protocol and read again',
  () => {
    it.each([
      ['whole', saidWhole],
      ['as a stream', saidAsStream],
    ] as const)('%s, keeps its text, calls, stop reason, usage and thoughts', (how, say) => {
      const faults: string[] = []
      let pairs = 0
      for (const answer of answers) {
        for (const protocol of protocolNames) {
          if (protocol === answer.recorded.protocol) continue
          pairs++
          const before = JSON.stringify(withUsage(essence(folded(answer.events)), protocol))
          const after = JSON.stringify(essence(folded(say(answer, protocol))))
          if (before !== after)
            faults.push(`${answer.recorded.id} → ${protocol}\n  ${difference(before, after)}`)
        }
      }
      console.log(`corpus: ${answers.length} answers ${how} in ${pairs} other forms, ${faults.length} differ`)
      expect(faults.slice(0, 10)).toEqual([])
      expect(answers.length).toBeGreaterThanOrEqual(600)
    })
  },
)

/** A message without a usage is none: what nobody told reads as zeros there. */
function withUsage(facts: ReturnType<typeof essence>, protocol: ProtocolName): object {
  if (facts.usage !== null || protocol !== 'anthropic-messages') return facts
  return { ...facts, usage: { input: 0, output: 0, cached: 0, reasoning: 0 } }
}

function saidWhole({ recorded, events }: RecordedAnswer, protocol: ProtocolName): Event[] {
  const client = protocolNamed(protocol)
  return client.decodeAnswer(client.encodeAnswer(folded(events), aboutAnswer(recorded.protocol)).body)
}

function saidAsStream({ recorded, events }: RecordedAnswer, protocol: ProtocolName): Event[] {
  const client = protocolNamed(protocol)
  const about = aboutAnswer(recorded.protocol)
  const encoder = client.streamEncoder({ ...about, call: { ...about.call, usageAsked: true } })
  const written = events.map((event) => encoder.push([event])).join('') + encoder.end()
  const decoder = client.streamDecoder('sse')
  const again = decoded(decoder, [Buffer.from(written)])
  if (!decoder.complete) throw new Error(`${recorded.id} → ${protocol}: the stream is not complete`)
  const unknown = again.find(({ type }) => type === 'unknown')
  if (unknown) throw new Error(`${recorded.id} → ${protocol}: ${JSON.stringify(unknown)}`)
  return again
}

/** Both from where they part. */
function difference(before: string, after: string): string {
  let at = 0
  while (at < before.length && before[at] === after[at]) at++
  const from = Math.max(0, at - 40)
  return `${before.slice(from, at + 120)}\n  ${after.slice(from, at + 120)}`
}
