import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProtocolName } from '../../src/core/protocol-name.ts'
import { cutBytes } from '../support/chunking.ts'
import { readCorpus } from '../support/corpus.ts'
import { cutAt, head, paced, type Script } from '../support/fake-provider.ts'
import { CorpusWorld, type Ending, each, type LegResult } from './corpus-world.ts'
import { corpusSeed, type Random, randomFrom } from './random.ts'
import { callOf, type RecordedCall } from './recorded-call.ts'
import { replayOf } from './replay.ts'
import { asRecorded } from './variant.ts'
import { pieceSizes } from './wire-forms.ts'

const seed = corpusSeed(1)
const calls = readCorpus()
  .map(callOf)
  .filter(({ streams }) => streams)

/** What the first terminal event of each protocol has in it, or its error (spec/protocols.md, "Terminal is"). */
const ends: Record<ProtocolName, RegExp> = {
  'openai-chat': /"finish_reason": ?"|\[DONE\]|"error"/,
  'openai-responses': /response\.(completed|failed|incomplete)|"type":"error"/,
  'anthropic-messages': /message_stop|"type": ?"error"/,
  gemini: /"finishReason"|"blockReason"/,
}

/** Each stream in each manner; Gemini's as JSON arrays too, chat's with the usage chunk kept back, too. */
const cases = calls.flatMap((call) =>
  (['close', 'reset', 'clean'] as const).flatMap((manner) =>
    formsOf(call).map((form) => ({ call, manner, form })),
  ),
)
type Case = (typeof cases)[number]

describe.skipIf(calls.length === 0)('a recorded stream that breaks off before its end', () => {
  let world: CorpusWorld
  beforeAll(async () => {
    world = await CorpusWorld.start()
  })
  afterAll(() => world.stop())

  test('is never a success: what came, then our error event and a cut; or an error status before content', async () => {
    const faults: string[] = []
    let begun = 0
    await each(cases, async (one) => {
      const { call, manner, form } = one
      const random = randomFrom(seed, call.recorded.id, manner, form)
      const variant = { ...asRecorded, answer: { ...asRecorded.answer, array: form === 'array' } }
      const { request, answered, proxyPath } = replayOf(call, variant, random)
      const length = breakingPlace(call, answered.toString(), random)
      const script = brokenScript(one, answered, length, random)
      const path = form === 'asking' ? `/asking${proxyPath}` : proxyPath
      const proxied = await world.proxied({ ...request, script, path })
      if (proxied.status === 200) begun++
      faults.push(
        ...brokenFaults(one, proxied, answered.subarray(0, length)).map(
          (fault) => `${call.recorded.id} (seed ${seed}), ${form}, ${manner} after ${length}: ${fault}`,
        ),
      )
    })
    console.log(
      `corpus: ${cases.length} streams broken off, ${begun} after their answer had begun (seed ${seed})`,
    )
    expect(faults).toEqual([])
    expect(begun).toBeGreaterThan(cases.length / 2)
  }, 120_000)
})

function formsOf({ recorded }: RecordedCall): ('events' | 'array' | 'asking')[] {
  if (recorded.protocol === 'gemini') return ['events', 'array']
  return recorded.protocol === 'openai-chat' ? ['events', 'asking'] : ['events']
}

function breakingPlace({ recorded }: RecordedCall, text: string, random: Random): number {
  const endsAt = ends[recorded.protocol].exec(text)?.index ?? text.length
  return random.int(1, Buffer.byteLength(text.slice(0, endsAt)))
}

function brokenScript(
  { call, manner, form }: Case,
  answered: Buffer,
  length: number,
  random: Random,
): Script {
  const { status, headers } = call.recorded.response
  const pieces = cutBytes(answered, pieceSizes(answered.length, random))
  const type = form === 'array' ? { 'content-type': 'application/json' } : {}
  return [cutAt(length, manner), head(status, { ...headers, ...type }), paced(pieces)]
}

function brokenFaults(
  { manner, form }: Case,
  { status, body, cut, received, ending }: LegResult & { ending: Ending },
  came: Buffer,
): string[] {
  const faults = received.length === 1 ? [] : [`the provider was asked ${received.length} times`]
  if (ending.outcome === 'complete') faults.push('recorded as complete')
  if (status !== 200) return status === 502 && !cut ? faults : [...faults, `status ${status}, cut ${cut}`]
  if (!cut) faults.push('ended cleanly')
  const text = body.toString('latin1')
  const errorAt = text.search(form === 'array' ? lastElement : lastBlock)
  if (errorAt < 0) return [...faults, `no error at its end: ${JSON.stringify(text.slice(-100))}`]
  const before = text.slice(0, errorAt)
  const whole = came.toString('latin1')
  // An RST may overtake bytes that were written before it.
  const kept = manner === 'reset' ? commonStart(whole, before) : whole
  if (before !== (form === 'array' ? kept : closed(kept)))
    faults.push(`other bytes than came: ${JSON.stringify(text.slice(errorAt - 60))}`)
  return faults
}

/** A block broken off is closed by a blank line, so that our event is one of its own. */
function closed(text: string): string {
  return /\n\r?\n$/.test(text) ? text : `${text}\n\n`
}

const lastBlock = /(?:event: error\n)?data: \{[^\n]*"error"[^\n]*\}\n\n$/
const lastElement = /(?:,\n)?\{"error":[^\n]*\}$/

function commonStart(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return one.slice(0, length)
}
