import type { CorpusExchange } from '../support/corpus.ts'
import { answerFaults, requestFaults } from './compare.ts'
import { type CorpusWorld, each } from './corpus-world.ts'
import { expectationOf } from './expectations.ts'
import { type Random, randomFrom } from './random.ts'
import { callOf, type RecordedCall } from './recorded-call.ts'
import { replayOf } from './replay.ts'
import type { Variant } from './variant.ts'

/** What was compared, and every difference in words. */
export interface CorpusReport {
  /** Distinct recorded requests and answers. */
  requests: number
  answers: number
  /** Exchanges through the proxy. */
  exchanges: number
  faults: string[]
}

/** Runs each recording in the variants chosen for it, directly and through the proxy, and compares. */
export async function runVariants(
  world: CorpusWorld,
  corpus: readonly CorpusExchange[],
  seed: number,
  variantsOf: (call: RecordedCall, random: Random) => Variant[],
): Promise<CorpusReport> {
  const requests = new Set<string>()
  const answers = new Set<string>()
  const faults: string[] = []
  let exchanges = 0
  await each(corpus, async (recorded) => {
    const call = callOf(recorded)
    const random = randomFrom(seed, recorded.id)
    for (const variant of variantsOf(call, random)) {
      const found = await compareOne(world, call, variant, random)
      faults.push(
        ...found.map((fault) => `${recorded.id} (seed ${seed}) as ${JSON.stringify(variant)}: ${fault}`),
      )
      exchanges++
    }
    if (recorded.request) requests.add(recorded.id)
    answers.add(recorded.id)
  })
  return { requests: requests.size, answers: answers.size, exchanges, faults }
}

async function compareOne(
  world: CorpusWorld,
  call: RecordedCall,
  variant: Variant,
  random: Random,
): Promise<string[]> {
  const replay = replayOf(call, variant, random)
  const { request, providerPath, proxyPath } = replay
  const direct = await world.direct({ ...request, path: providerPath })
  const proxied = await world.proxied({ ...request, path: proxyPath })
  const legs = { direct, proxied }
  return [...requestFaults(call, replay, legs), ...answerFaults(call, replay, expectationOf(call), legs)]
}
