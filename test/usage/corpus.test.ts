import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { corpusSeed, randomFrom } from '../corpus/random.ts'
import { callOf, type RecordedCall } from '../corpus/recorded-call.ts'
import { replayOf } from '../corpus/replay.ts'
import { asRecorded, type Variant } from '../corpus/variant.ts'
import { type CorpusExchange, readCorpus } from '../support/corpus.ts'
import { LedgerWorld } from './corpus/ledger-world.ts'
import { reportedIn } from './corpus/reported.ts'
import { toldInAStream } from './corpus/told-in-a-stream.ts'

const seed = corpusSeed(1)
const recordings = readCorpus().filter(({ misc }) => misc === null)

describe.skipIf(recordings.length === 0)('the usage of a recorded answer', () => {
  let world: LedgerWorld
  beforeAll(async () => {
    world = await LedgerWorld.start()
  })
  afterAll(() => world.stop())

  /** Each through the proxy, in this form; what the ledger has of it against what its JSON says. */
  async function compare(
    answers: readonly CorpusExchange[],
    form: (call: RecordedCall) => Variant['answer'],
  ) {
    const calls = answers.map(callOf)
    const records = await world.recordsOf(
      calls.map((call) => {
        const variant = { ...asRecorded, answer: form(call) }
        const { request, proxyPath } = replayOf(call, variant, randomFrom(seed, call.recorded.id))
        return { ...request, path: proxyPath }
      }),
    )
    const compared: Record<string, number> = {}
    const faults: string[] = []
    for (const [i, { recorded, streams }] of calls.entries()) {
      const said = reportedIn(recorded)
      const kind = `${recorded.protocol} ${streams ? 'streams' : 'whole'}`
      const found = said === null ? `${kind} that report nothing` : kind
      compared[found] = (compared[found] ?? 0) + 1
      const got = records[i]?.backend_reported_usage
      if (!isDeepStrictEqual(got, said))
        faults.push(
          `${recorded.id} (seed ${seed}) said ${JSON.stringify(said)}, recorded ${JSON.stringify(got)}`,
        )
    }
    return { compared, faults }
  }

  test('is what the answer reports, for every protocol, streamed and not', async () => {
    const { compared, faults } = await compare(recordings, () => asRecorded.answer)
    console.log(`usage of recorded answers: ${JSON.stringify(compared)}`)
    expect(faults).toEqual([])
    const reporting = Object.entries(compared).filter(([kind]) => !kind.endsWith('nothing'))
    expect(reporting.map(([kind]) => kind).sort()).toEqual([
      'anthropic-messages streams',
      'anthropic-messages whole',
      'gemini streams',
      'gemini whole',
      'openai-chat streams',
      'openai-chat whole',
      'openai-responses streams',
      'openai-responses whole',
    ])
    expect(reporting.reduce((sum, [, number]) => sum + number, 0)).toBeGreaterThan(770)
  }, 120_000)

  test('is the same in pieces, compressed, with other line ends, and from Gemini in one array', async () => {
    const { faults } = await compare(recordings, ({ recorded, streams }) => ({
      ...asRecorded.answer,
      ...{ pieces: 'random', sized: false, lineEnds: 'crlf', encoding: 'gzip', asked: true },
      array: recorded.protocol === 'gemini' && streams,
    }))
    expect(faults).toEqual([])
  }, 120_000)

  test('is the same when a whole answer is told in a stream', async () => {
    const streams = recordings.flatMap((recorded) => toldInAStream(recorded) ?? [])
    const { compared, faults } = await compare(streams, () => asRecorded.answer)
    console.log(`usage of whole answers told in streams: ${JSON.stringify(compared)}`)
    const whole = new Map(recordings.map((recorded) => [recorded.id, reportedIn(recorded)]))
    for (const told of streams)
      if (!isDeepStrictEqual(reportedIn(told), whole.get(told.id)))
        faults.push(`${told.id}: its stream does not say the same, which is this test's own fault`)
    expect(faults).toEqual([])
    expect(streams.length).toBeGreaterThan(550)
  }, 120_000)
})
