import type { Seen } from '../../../src/usage/drift/comparison.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { randomFrom } from '../../corpus/random.ts'
import { aRecord } from '../../support/a-record.ts'

export type Method = 'tokenizer' | 'approximate'

/** How a model's provider counts, and what its users send; all that a test may vary. */
export interface MadeUpModel {
  method: Method
  /** The provider's tokens for one that we count: 1 where we count with its own tokenizer. */
  factor: number
  /** Every exchange strays from the factor by so much (standard deviation, as a share). */
  noise: number
  /** Tokens that the provider adds to every prompt and every completion. */
  promptFrame: number
  completionFrame: number
  /** The middle of the sizes in words, and how far they spread (standard deviation of the logarithm; 0: all alike). */
  promptSize: number
  completionSize: number
  spread: number
  /** Reported for each that is true, in exchange number n (from 0). */
  inflation: (exchange: number) => number
  thoughts: 'none' | 'told' | 'streamed and not told' | 'neither told nor shown'
}

export const anHonestModel: MadeUpModel = {
  ...{ method: 'tokenizer', factor: 1, noise: 0.03, promptFrame: 4, completionFrame: 1 },
  ...{ promptSize: 400, completionSize: 150, spread: 0.8 },
  ...{ inflation: () => 1, thoughts: 'none' },
}

/** What we see and what we are told, exchange after exchange; the same for the same seed. */
export function* exchangesOf(
  made: Partial<MadeUpModel>,
  seed: number | string,
): Generator<{ record: UsageRecord; seen: Seen }, never> {
  const model = { ...anHonestModel, ...made }
  const chance = chanceFrom(seed)
  const base = aRecord()
  for (let number = 0; ; number++) {
    const side = (size: number, frame: number, allowed: number) => {
      const counted = Math.max(1, Math.round(size * Math.exp(model.spread * chance.normal())))
      const strayed = Math.max(0.2, 1 + model.noise * chance.normal())
      return {
        true: counted * model.factor * strayed + frame,
        // By the counter's table of factors a token is a token; it allows for frames as recorded answers had them.
        bounds: { least: counted, most: counted + allowed, method: model.method },
      }
    }
    const prompt = side(model.promptSize, model.promptFrame, 156)
    const completion = side(model.completionSize, model.completionFrame, 16)
    const thought = model.thoughts === 'none' ? 0 : 600 * Math.exp(1.1 * chance.normal())
    const inflation = model.inflation(number)
    const reported = {
      prompt_tokens: Math.round(prompt.true * inflation),
      completion_tokens: Math.round((completion.true + thought) * inflation),
      ...(model.thoughts === 'told' && {
        completion_tokens_details: { reasoning_tokens: Math.round(thought * inflation) },
      }),
    }
    yield {
      record: { ...base, id: `x_${number}`, backend_reported_usage: reported },
      seen: {
        prompt: prompt.bounds,
        wantsThoughts: false,
        completion: { ...completion.bounds, hasThoughts: model.thoughts === 'streamed and not told' },
      },
    }
  }
}

/** Honest models of every kind that recorded traffic shows: small prompts, frames up to 130 tokens, factors 15 % off. */
export function anyHonestModel(method: Method, seed: number): Partial<MadeUpModel> {
  const random = randomFrom('honest', method, seed)
  const between = (from: number, to: number) => from + (to - from) * (random.int(0, 10_000) / 10_000)
  return {
    method,
    factor: method === 'tokenizer' ? between(0.98, 1.03) : between(0.85, 1.15),
    noise: between(0.01, 0.12),
    promptFrame: between(-10, 130),
    completionFrame: between(0, 14),
    promptSize: random.pick([8, 30, 100, 400, 2_000, 20_000]),
    completionSize: random.pick([3, 12, 60, 200, 1_000]),
    spread: random.pick([0, 0.1, 0.5, 1, 1.5]),
    thoughts: random.pick(['none', 'none', 'told', 'streamed and not told']),
  }
}

function chanceFrom(seed: number | string) {
  const random = randomFrom('exchanges', seed)
  const even = () => (random.int(0, 999_999) + 0.5) / 1e6
  return { normal: () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even()) }
}
