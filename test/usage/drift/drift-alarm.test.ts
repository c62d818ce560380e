import { describe, expect, it } from 'vitest'
import { aRecord } from '../../support/a-record.ts'
import {
  anHonestModel,
  anyHonestModel,
  exchangesOf,
  type MadeUpModel,
  type Method,
} from './made-up-models.ts'
import { Watched, watch } from './watched.ts'

const methods: readonly Method[] = ['tokenizer', 'approximate']
const aThird = () => 1.3

/** How many of these are named, and the seeds of those that are (or are not, for the message). */
function namedOf(count: number, exchanges: number, model: (seed: number) => Partial<MadeUpModel>) {
  const seeds = Array.from({ length: count }, (_, seed) => seed)
  const isNamed = (seed: number) =>
    watch(model(seed), seed, exchanges).told.some(({ what }) => what === 'named')
  const named = seeds.filter(isNamed)
  return { named, unnamed: seeds.filter((seed) => !named.includes(seed)) }
}

describe('honest models', () => {
  it('are not named: of a thousand with noise, small prompts and factors 15 % off, at most three', () => {
    const named = methods.flatMap((method) => namedOf(500, 200, (seed) => anyHonestModel(method, seed)).named)
    console.log(`drift: ${named.length} of 1000 honest models were named in 200 exchanges each`)
    expect(named.length).toBeLessThanOrEqual(3)
  }, 60_000)

  it('are not named in the long run either', () => {
    const named = methods.flatMap(
      (method) => namedOf(30, 1_000, (seed) => anyHonestModel(method, seed)).named,
    )
    console.log(`drift: ${named.length} of 60 honest models were named in 1000 exchanges each`)
    expect(named.length).toBe(0)
  }, 60_000)

  it.each(['told', 'streamed and not told', 'neither told nor shown'] as const)(
    'that think, which is %s, are not named',
    (thoughts) => {
      for (const method of methods) {
        expect(namedOf(60, 300, (seed) => ({ ...anyHonestModel(method, seed), thoughts })).named).toEqual([])
      }
    },
    60_000,
  )

  it('may add the same to every prompt, as much as recorded providers do', () => {
    const small = { promptFrame: 130, promptSize: 20, completionFrame: 14, completionSize: 5, spread: 0 }
    expect(namedOf(50, 200, () => small).named).toEqual([])
  })
})

describe('honest exchanges of two kinds, in turn', () => {
  const method = 'approximate' as const
  const of = (reported: number, least: number, most: number) => ({ reported, least, most, method })

  it.each([
    // Llama 4 on Groq, recorded: a call frames its arguments with 17 tokens or with 49.
    {
      what: 'small, with frames of different size',
      side: 'completion',
      kinds: [of(20, 3, 69), of(54, 5, 71)],
    },
    // Gemini on OpenRouter, recorded: a tiny prompt has room for tools, and does not use it.
    {
      what: 'a large one, and a tiny one that may have had tools',
      side: 'prompt',
      kinds: [of(2167, 2316, 2482), of(17, 11, 837)],
    },
  ])('are no drift: $what', ({ side, kinds }) => {
    const watched = new Watched()
    for (let i = 0; i < 200; i++) {
      const { reported, ...bounds } = kinds[i % 2] as ReturnType<typeof of>
      const report = { prompt_tokens: 0, completion_tokens: 0, [`${side}_tokens`]: reported }
      const seen = { prompt: null, completion: null, wantsThoughts: false }
      watched.compare(aRecord({ backend_reported_usage: report }), {
        ...seen,
        [side]: { ...bounds, hasThoughts: false },
      })
    }
    expect(watched.told).toEqual([])
  })
})

describe('exchanges of several sizes, in turn, of a model that was honest at first', () => {
  const method = 'tokenizer' as const

  /** Told after two hundred honest exchanges, and as many that are reported so. */
  function toldOf(sizes: readonly number[], reported: (size: number) => number) {
    const watched = new Watched()
    for (let i = 0; i < 400; i++) {
      const size = sizes[i % sizes.length] as number
      const report = { prompt_tokens: Math.round(i < 200 ? size : reported(size)), completion_tokens: 0 }
      // Room for the tools and frames that every prompt may have, which are not used.
      const prompt = { least: size, most: size + 800, method }
      watched.compare(aRecord({ backend_reported_usage: report }), {
        ...{ prompt, completion: null, wantsThoughts: false },
      })
    }
    return watched.told
  }

  it.each([[[1_000, 3_000]], [[500, 1_000, 2_000, 3_000, 3_500]]])(
    'are seen to be inflated, however regular the turns are: %j',
    (sizes) => {
      expect(toldOf(sizes, (size) => size * 1.3)).toMatchObject([{ what: 'named', side: 'prompt' }])
      expect(toldOf(sizes, (size) => size)).toEqual([])
    },
  )
})

describe('a model whose provider reports 30 % more', () => {
  const sizes = (seed: number) => ({
    promptSize: seed % 2 === 0 ? 30 : 3_000,
    completionSize: seed % 2 === 0 ? 300 : 20,
    spread: [0, 0.3, 1][seed % 3] ?? 1,
  })

  it('is named within 200 exchanges where we count with its own tokenizer', () => {
    const { unnamed } = namedOf(150, 200, (seed) => ({
      ...anyHonestModel('tokenizer', seed),
      ...{ ...sizes(seed), thoughts: 'told', inflation: aThird },
    }))
    expect(unnamed).toEqual([])
  }, 60_000)

  it('is named where our factor is right or too low, and in two cases of three where it may be 15 % off', () => {
    const inflating = (seed: number): Partial<MadeUpModel> => ({
      ...anyHonestModel('approximate', seed),
      ...{ ...sizes(seed), thoughts: 'none', inflation: aThird },
    })
    const right = namedOf(60, 200, (seed) => ({ ...inflating(seed), factor: 1 + (seed % 15) / 100 }))
    expect(right.unnamed.length).toBeLessThanOrEqual(1)
    const any = namedOf(100, 200, inflating)
    console.log(`drift: ${any.named.length} of 100 inflating models with factors up to 15 % off were named`)
    expect(any.named.length).toBeGreaterThan(60)
  }, 60_000)

  it('is named by its own past when it begins later, though our factor is 15 % too high', () => {
    const later = (exchange: number) => (exchange < 300 ? 1 : 1.3)
    const begin = { method: 'approximate', factor: 0.85, noise: 0.05, promptSize: 800 } as const
    expect(namedOf(40, 300, () => begin).named).toEqual([])
    expect(namedOf(40, 500, () => ({ ...begin, inflation: later })).unnamed).toEqual([])
  }, 60_000)

  it('is named once, with its numbers, and once when it is back', () => {
    const { told, alarm } = watch({ inflation: (exchange) => (exchange < 200 ? 1.3 : 1) }, 1, 600)
    expect(told.map(({ what, side }) => `${side} ${what}`).sort()).toEqual([
      'completion back',
      'completion named',
      'prompt back',
      'prompt named',
    ])
    const named = told.find(({ what, side }) => what === 'named' && side === 'prompt')
    expect(named).toMatchObject({
      ...{ backend: 'openai', model: 'gpt-4o', band: [0.5, 1.15], since: '2026-11-10T12:00:00.000Z' },
    })
    expect(named?.after).toBeLessThanOrEqual(200)
    expect(named?.exchanges).toBe(named?.after)
    expect(named?.ratio).toBeGreaterThan(1.2)
    expect(named?.ratio).toBeLessThan(1.4)
    expect(told.every(({ what, ratio }) => (what === 'back') === ratio < 1.15)).toBe(true)
    expect(alarm.drifting()).toEqual([])
  })

  it('stands in the list while it is named', () => {
    const { alarm } = watch({ inflation: aThird }, 2, 300)
    expect(alarm.drifting()).toEqual([
      expect.objectContaining({ side: 'prompt', exchanges: 200, since: '2026-11-10T12:00:00.000Z' }),
      expect.objectContaining({ side: 'completion', backend: 'openai', model: 'gpt-4o' }),
    ])
    expect(Object.keys(alarm.drifting()[0] ?? {}).sort()).toEqual(
      ['backend', 'band', 'exchanges', 'model', 'ratio', 'side', 'since'].sort(),
    )
  })
})

describe('a model whose provider', () => {
  it('adds thousands of tokens to every prompt is named', () => {
    const { told } = watch({ promptFrame: 5_000 }, 3, 200)
    expect(told.map(({ side }) => side)).toEqual(['prompt'])
  })

  it('reports a third of every prompt is named', () => {
    const { told } = watch({ factor: 0.33, promptFrame: 0 }, 4, 200)
    expect(told[0]).toMatchObject({ what: 'named', side: 'prompt', band: [0.5, 1.15] })
    expect(told[0]?.ratio).toBeLessThan(0.5)
  })
})

describe('what is compared', () => {
  const [first] = exchangesOf({ inflation: () => 3 }, 5)
  const { record, seen } = first as NonNullable<typeof first>
  const report = record.backend_reported_usage
  const told = (reasoning: number) => ({
    ...report,
    completion_tokens_details: { reasoning_tokens: reasoning },
  })
  const completion = seen.completion as NonNullable<typeof seen.completion>

  /** The sides that are named when every exchange is like this. */
  function sidesNamed(changedRecord: object, changedSeen: object = {}) {
    const watched = new Watched()
    for (let i = 0; i < 200; i++)
      watched.compare(aRecord({ ...record, ...changedRecord }), { ...seen, ...changedSeen })
    return watched.told.map(({ side }) => side)
  }

  it.each([
    ['an exchange that ended well', {}, {}, ['prompt', 'completion']],
    ['one that was cut', { outcome: 'incomplete' }, {}, []],
    ['one without a report', { backend_reported_usage: null }, {}, []],
    ['a question for a count', { call_purpose: 'count_tokens' }, {}, []],
    ['an untold model', { model: null }, {}, []],
    ['a prompt with media', {}, { prompt: null }, ['completion']],
    ['one of which something is hidden', {}, { prompt: null, completion: null }, []],
    ['a completion with media', {}, { completion: null }, ['prompt']],
    ['thoughts that are not told', {}, { completion: { ...completion, hasThoughts: true } }, ['prompt']],
    ['thoughts that were asked for', {}, { wantsThoughts: true }, ['prompt']],
    [
      'thoughts told as none, though some were seen',
      { backend_reported_usage: told(0) },
      { completion: { ...completion, hasThoughts: true } },
      ['prompt'],
    ],
    [
      'thoughts that are most of it',
      { backend_reported_usage: told((report?.completion_tokens ?? 0) - completion.least) },
      { completion: { ...completion, hasThoughts: true } },
      ['prompt'],
    ],
  ])('%s', (_what, changedRecord, changedSeen, sides) => {
    expect(sidesNamed(changedRecord, changedSeen)).toEqual(sides)
  })

  it('leaves a completion out once its model has thought without telling', () => {
    const watched = new Watched()
    watched.compare(record, { ...seen, completion: { ...completion, hasThoughts: true } })
    for (let i = 0; i < 200; i++) watched.compare(record, seen)
    expect(watched.told.map(({ side }) => side)).toEqual(['prompt'])
  })

  it('is kept apart by backend and by model', () => {
    const watched = new Watched()
    const [honest, other] = [exchangesOf({}, 6), exchangesOf({ inflation: () => 1.5 }, 7)]
    for (let i = 0; i < 200; i++) {
      const one = honest.next().value
      const two = other.next().value
      watched.compare(aRecord({ ...one.record, backend_instance_id: 'openai.eu' }), one.seen)
      watched.compare(aRecord({ ...two.record, backend_instance_id: 'openai.us' }), two.seen)
      watched.compare(aRecord({ ...one.record, model: 'gpt-4o-mini' }), one.seen)
    }
    const where = watched.alarm.drifting().map(({ backend, model }) => `${backend} ${model}`)
    expect(new Set(where)).toEqual(new Set(['openai.us gpt-4o']))
  })

  it('is remembered of 500 models, the last that were used', () => {
    const watched = new Watched()
    const { record: inflated, seen: asSeen } = exchangesOf({ inflation: () => 3 }, 8).next().value
    const use = (model: string, times: number) => {
      for (let i = 0; i < times; i++) watched.compare(aRecord({ ...inflated, model }), asSeen)
    }
    use('first', 40)
    expect(watched.alarm.drifting().length).toBeGreaterThan(0)
    for (let i = 0; i < 499; i++) use(`model-${i}`, 1)
    expect(watched.alarm.drifting().map(({ model }) => model)).toContain('first')
    use('one more', 1)
    expect(watched.alarm.drifting()).toEqual([])
  })
})

describe('the cost of a comparison', () => {
  it('is printed', () => {
    const { alarm } = new Watched()
    const made = exchangesOf(anHonestModel, 9)
    const exchanges = Array.from({ length: 10_000 }, () => made.next().value)
    for (const { record, seen } of exchanges) alarm.compare(record, seen)
    const before = process.cpuUsage()
    for (const { record, seen } of exchanges) alarm.compare(record, seen)
    const { user, system } = process.cpuUsage(before)
    console.log(`drift: ${((user + system) / exchanges.length).toFixed(2)} µs of CPU for each record`)
    expect(alarm.drifting()).toEqual([])
  })
})
