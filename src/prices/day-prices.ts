import type { ConditionalPrice } from '@pydantic/genai-prices'
import type { ListedModel } from './catalogue.ts'
import type { RateCard } from './rate-card.ts'
import { readCard } from './read-card.ts'
import { isWithin, readTimeWindow, type TimeWindow } from './time-window.ts'

/** A price as it can be in force on one day: always, or in a part of it. */
export interface DayPrice {
  /** Null: the model is known and has no price that a report could be charged with. */
  card: RateCard | null
  /** Since when, as a date; null where the catalogue does not tell. */
  effectiveFrom: string | null
  window: TimeWindow | null
}

export const dayMs = 86_400_000

/**
 * What a model may cost in the course of a day (UTC), first match first. Start dates are whole days, so they are
 * decided here; times of day are left to the moment, so that this can be remembered for the day.
 */
export function dayPrices(providerId: string, model: ListedModel, day: number): readonly DayPrice[] {
  const listed = conditional(model)
  const read = (price: ConditionalPrice, effectiveFrom: string | null, window: TimeWindow | null) => ({
    card: readCard(providerId, model.id, price.prices),
    effectiveFrom,
    window,
  })
  const found: DayPrice[] = []
  for (const price of listed.toReversed()) {
    const { constraint } = price
    if (constraint === undefined) return [...found, read(price, null, null)]
    if (constraint.type === 'time_of_date') found.push(read(price, null, readTimeWindow(constraint)))
    else if (Date.parse(constraint.start_date) <= day * dayMs)
      return [...found, read(price, constraint.start_date, null)]
  }
  const [oldest] = listed
  return oldest === undefined ? found : [...found, read(oldest, null, null)]
}

export function priceAt(prices: readonly DayPrice[], atMs: number): DayPrice | undefined {
  return prices.find(({ window }) => window === null || isWithin(window, atMs))
}

function conditional({ prices }: ListedModel): readonly ConditionalPrice[] {
  return isList(prices) ? prices : [{ prices }]
}

function isList(prices: ListedModel['prices']): prices is readonly ConditionalPrice[] {
  return Array.isArray(prices)
}
