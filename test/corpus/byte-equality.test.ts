import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCorpus } from '../support/corpus.ts'
import { CorpusWorld } from './corpus-world.ts'
import { exceptionIds } from './expectations.ts'
import { corpusSeed } from './random.ts'
import { runVariants } from './run-variants.ts'
import { chosenVariants } from './variant.ts'

const corpus = readCorpus()
const seed = corpusSeed(1)

describe.skipIf(corpus.length === 0)('the recorded corpus, direct and through the proxy', () => {
  let world: CorpusWorld
  beforeAll(async () => {
    world = await CorpusWorld.start()
  })
  afterAll(() => world.stop())

  test('every request and every answer is the same, byte for byte, however it is cut, encoded and broken into lines', async () => {
    const { requests, answers, exchanges, faults } = await runVariants(world, corpus, seed, chosenVariants)
    console.log(
      `corpus: ${requests} requests and ${answers} answers equal in ${exchanges} exchanges but for ${faults.length} differences (seed ${seed})`,
    )
    expect(faults).toEqual([])
    expect(requests).toBeGreaterThanOrEqual(684)
    expect(answers).toBeGreaterThanOrEqual(849)
  }, 120_000)

  test('every exception is of a recording that exists', () => {
    const ids = new Set(corpus.map((recorded) => recorded.id))
    expect(exceptionIds.filter((id) => !ids.has(id))).toEqual([])
  })

  test('every recording marked as cut, or as failing in its stream, has its expectation by hand', () => {
    const marked = corpus.filter((recorded) =>
      recorded.features.some((feature) => feature === 'cut_stream' || feature === 'error_mid_stream'),
    )
    expect(marked.map((recorded) => recorded.id).filter((id) => !exceptionIds.includes(id))).toEqual([])
    expect(marked).toHaveLength(7)
  })
})
