import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrayAt, isObject, type JsonObject, objectAt } from '../../src/core/json.ts'
import { CorpusWorld, each } from '../corpus/corpus-world.ts'
import { corpusSeed, randomFrom } from '../corpus/random.ts'
import { callOf } from '../corpus/recorded-call.ts'
import { replayOf } from '../corpus/replay.ts'
import { asRecorded, type Variant } from '../corpus/variant.ts'
import { readCorpus } from '../support/corpus.ts'

const seed = corpusSeed(1)
const calls = readCorpus()
  .map(callOf)
  .filter(({ recorded, streams }) => recorded.protocol === 'openai-chat' && streams)

/** Whole, in pieces, with CRLF in single bytes, and in an encoding. */
const forms: Variant['answer'][] = [
  asRecorded.answer,
  { ...asRecorded.answer, pieces: 'random' },
  { ...asRecorded.answer, pieces: 'bytes', lineEnds: 'crlf' },
  { ...asRecorded.answer, pieces: 'random', encoding: 'gzip', asked: true },
]

describe.skipIf(calls.length === 0)(
  'a chat stream from a backend that is asked for usage (spec/usage.md)',
  () => {
    let world: CorpusWorld
    beforeAll(async () => {
      world = await CorpusWorld.start()
    })
    afterAll(() => world.stop())

    test('the request gains the option and the client never sees its chunk; nothing else changes', async () => {
      const faults: string[] = []
      let asked = 0
      let hidden = 0
      await each(calls, async (call) => {
        for (const answer of forms) {
          const name = `${call.recorded.id} (seed ${seed}) as ${JSON.stringify(answer)}`
          const random = randomFrom(seed, name)
          const { request, sent, answered } = replayOf(call, { ...asRecorded, answer }, random)
          const proxied = await world.proxied({ ...request, path: '/asking/v1/chat/completions' })

          const wanted = expectedRequest(call.body, sent)
          if (proxied.received.length !== 1) faults.push(`${name}: asked ${proxied.received.length} times`)
          const reached = proxied.received[0]?.body.toString()
          if (reached !== wanted.text) faults.push(`${name}: the request became ${reached?.slice(-120)}`)
          const seen = wanted.added ? withoutUsageChunk(answered.toString()) : answered.toString()
          if (proxied.body.toString() !== seen) faults.push(`${name}: the answer is not what is left`)
          if (proxied.cut) faults.push(`${name}: cut`)
          if (wanted.added) asked++
          if (seen !== answered.toString()) hidden++
        }
      })
      console.log(
        `usage: asked for in ${asked} chat streams, its chunk kept from the client in ${hidden} (seed ${seed})`,
      )
      expect(faults).toEqual([])
      // 20 of the 53 recorded clients asked themselves; of the other streams 12 end in a chunk of usage alone.
      expect(asked).toBe(33 * forms.length)
      expect(hidden).toBeGreaterThan(0)
    }, 120_000)
  },
)

/** The option goes in before the closing brace, or in place of the client's own `stream_options`. */
function expectedRequest(body: JsonObject | null, sent: Buffer | null): { text: string; added: boolean } {
  const text = sent?.toString() ?? ''
  if (objectAt(body, 'stream_options')?.include_usage === true) return { text, added: false }
  if (body?.stream_options !== undefined)
    throw new Error('the corpus has a form that this test does not know')
  return { text: `${text.slice(0, -1)},"stream_options":{"include_usage":true}}`, added: true }
}

function withoutUsageChunk(text: string): string {
  return text
    .split(/(?<=\r?\n\r?\n)/)
    .filter((block) => !isUsageAlone(/^data: (\{.*\})$/m.exec(block.replaceAll('\r', ''))?.[1]))
    .join('')
}

function isUsageAlone(data: string | undefined): boolean {
  const chunk: unknown = data === undefined ? null : JSON.parse(data)
  return isObject(chunk) && arrayAt(chunk, 'choices')?.length === 0 && objectAt(chunk, 'usage') !== undefined
}
