import { flatRate, type RateCard } from './rate-card.ts'

/** `prices` of the config: USD per million tokens. */
export interface ConfiguredPrice {
  input: number
  /** Not given: as `input`. */
  cache_read?: number | undefined
  /** Not given: as `input`. */
  cache_write?: number | undefined
  /** Not given: as `cache_write`. */
  cache_write_1h?: number | undefined
  output: number
}

/** By `backend:model` or `type:model`. */
export type Overrides = Readonly<Record<string, ConfiguredPrice>>

export type OverrideOf = (backend: string, backendType: string, model: string) => RateCard | null

/**
 * Names match as written. A backend's own price goes before that of its type. Audio costs as text. The price is
 * taken as it stands for every prompt length and service tier: who writes one knows what they pay.
 */
export function readOverrides(overrides: Overrides): OverrideOf {
  const cards = new Map(Object.entries(overrides).map(([name, price]) => [name, cardOf(price)]))
  return (backend, backendType, model) =>
    cards.get(`${backend}:${model}`) ?? cards.get(`${backendType}:${model}`) ?? null
}

function cardOf(price: ConfiguredPrice): RateCard {
  const input = flatRate(price.input)
  const output = flatRate(price.output)
  const write = price.cache_write === undefined ? input : flatRate(price.cache_write)
  return {
    input,
    cache_read: price.cache_read === undefined ? input : flatRate(price.cache_read),
    cache_write: write,
    cache_write_1h: price.cache_write_1h === undefined ? write : flatRate(price.cache_write_1h),
    input_audio: input,
    output,
    output_audio: output,
  }
}
