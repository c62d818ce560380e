import type { ModelPrice } from '@pydantic/genai-prices'
import { scaled } from './decimal.ts'
import { chargesAudioAsText } from './providers.ts'
import { flatRate, picoDigits, type Rate, type RateCard } from './rate-card.ts'

/** What has a rate of its own and no count in a report: with text rates such a model would be priced wrong. */
const uncounted = [
  ...['input_image_mtok', 'output_image_mtok', 'input_video_mtok', 'output_video_mtok'],
  ...['output_reasoning_mtok', 'output_citation_mtok'],
]

const free: RateCard = {
  ...{ input: flatRate(0), cache_read: flatRate(0), cache_write: flatRate(0), cache_write_1h: flatRate(0) },
  ...{ input_audio: flatRate(0), output: flatRate(0), output_audio: flatRate(0) },
}

/**
 * A model's rates in one price of the catalogue, or null if tokens have none there. Cache reads and five-minute
 * writes without a rate cost as input, as in the library; an hour's write without one has none, since it always
 * costs more.
 */
export function readCard(providerId: string, modelId: string, price: ModelPrice): RateCard | null {
  // The catalogue says nothing about what costs nothing, but also nothing about what it does not know.
  if (Object.keys(price).length === 0) return modelId.endsWith(':free') ? free : null
  if (uncounted.some((key) => price[key] !== undefined)) return null
  const input = rateOf(price.input_mtok)
  if (input === undefined) return null
  const output = rateOf(price.output_mtok)
  const asText = chargesAudioAsText.has(providerId)
  return given({
    input,
    cache_read: rateOf(price.cache_read_mtok) ?? input,
    cache_write: rateOf(price.cache_write_5m_mtok) ?? rateOf(price.cache_write_mtok) ?? input,
    cache_write_1h: rateOf(price.cache_write_1h_mtok),
    input_audio: rateOf(price.input_audio_mtok) ?? (asText ? input : undefined),
    output,
    output_audio: rateOf(price.output_audio_mtok) ?? (asText ? output : undefined),
    // Per thousand requests there, per million here as all rates.
    request: typeof price.requests_kcount === 'number' ? flatRate(price.requests_kcount * 1000) : undefined,
  })
}

function rateOf(price: ModelPrice[string]): Rate | undefined {
  if (price === undefined || typeof price === 'number') return price === undefined ? price : flatRate(price)
  const tiers = price.tiers.map((tier) => ({
    overPromptTokens: tier.start,
    rate: scaled(tier.price, picoDigits),
  }))
  tiers.sort((left, right) => left.overPromptTokens - right.overPromptTokens)
  return { base: scaled(price.base, picoDigits), tiers }
}

function given(rates: { [Kind in keyof RateCard]: Rate | undefined }): RateCard {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate !== undefined))
}
