import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProtocolName } from '../../src/core/protocol.ts'
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

describe.skipIf(calls.length === 0)('a recorded stream that breaks off before its end', () => {
  let world: CorpusWorld
  beforeAll(async () => {
    world = await CorpusWorld.start()
  })
  afterAll(() => world.stop())

  test('is never a success: what came, then our error event and a cut; or an error status before content', async () => {
    const faults: string[] = []
    let begun = 0
    await each(calls, async (call) => {
      for (const manner of ['close', 'reset', 'clean'] as const) {
        const random = randomFrom(seed, call.recorded.id, manner)
        const { request, answered } = replayOf(call, asRecorded, random)
        const length = breakingPlace(call, answered.toString(), random)
        const script = brokenScript(call, answered, length, manner, random)
        const proxied = await world.proxied({ ...request, script, path: call.path })
        if (proxied.status === 200) begun++
        // An RST may overtake bytes that were written before it.
        const found = brokenFaults(proxied, answered.subarray(0, length), manner === 'reset')
        faults.push(
          ...found.map((fault) => `${call.recorded.id} (seed ${seed}), ${manner} after ${length}: ${fault}`),
        )
      }
    })
    console.log(
      `corpus: ${calls.length} streams broken off in 3 manners, ${begun} after their answer had begun (seed ${seed})`,
    )
    expect(faults).toEqual([])
    expect(begun).toBeGreaterThan(calls.length)
  }, 60_000)
})

function breakingPlace({ recorded }: RecordedCall, text: string, random: Random): number {
  const endsAt = ends[recorded.protocol].exec(text)?.index ?? text.length
  return random.int(1, Buffer.byteLength(text.slice(0, endsAt)))
}

function brokenScript(
  call: RecordedCall,
  answered: Buffer,
  length: number,
  manner: 'close' | 'reset' | 'clean',
  random: Random,
): Script {
  const { status, headers } = call.recorded.response
  const pieces = cutBytes(answered, pieceSizes(answered.length, random))
  return [cutAt(length, manner), head(status, headers), paced(pieces)]
}

function brokenFaults(
  { status, body, cut, received, ending }: LegResult & { ending: Ending },
  came: Buffer,
  mayLoseBytes: boolean,
): string[] {
  const faults = received.length === 1 ? [] : [`the provider was asked ${received.length} times`]
  if (ending.outcome === 'complete') faults.push('recorded as complete')
  if (status !== 200) return status === 502 && !cut ? faults : [...faults, `status ${status}, cut ${cut}`]
  if (!cut) faults.push('ended cleanly')
  const text = body.toString('latin1')
  const last = /(?:\n\n)?((?:event: error\n)?data: (\{[^\n]*\})\n\n)$/.exec(text)
  if (!last?.[1] || !last[2]?.includes('"error"')) return [...faults, `no error event: ${text.slice(-100)}`]
  const whole = came.toString('latin1')
  if (mayLoseBytes) {
    if (!whole.startsWith(text.slice(0, last.index))) faults.push('other bytes than came')
    return faults
  }
  // What was broken off within a block is closed by a blank line, so that our event is one of its own.
  const between = /(?:\n\n|\r\n\r\n)$/.test(whole) ? '' : '\n\n'
  if (text !== whole + between + last[1])
    faults.push(
      `after …${JSON.stringify(whole.slice(-20))} came ${JSON.stringify(text.slice(whole.length - 20, whole.length + 40))}`,
    )
  return faults
}
