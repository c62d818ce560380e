import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { anEntry } from '../../../support/a-record.ts'
import {
  anExchange,
  begin,
  type Draw,
  day,
  type Exchange,
  type Generation,
  type Model,
  priceOf,
  type World,
} from './world.ts'

/** What a report must say of a day and model: invoice less ledger. */
export interface Planted {
  day: number
  model: Model
  cause: string
  tokens: number
  nanoUsd: number
}

export type Fault = (world: World, day: number, model: Model, draw: Draw) => Planted[]

export const faults: Readonly<Record<string, Fault>> = {
  disconnects: eachOf('disconnects', (exchange, draw) => {
    const { model, generation } = exchange
    const seen = Math.floor((exchange.completion * draw(10, 90)) / 100)
    const extra = draw(2_000, 20_000)
    generation!.completion = seen + extra
    generation!.nanoUsd = priceOf(model, exchange.prompt, generation!.completion)
    change(exchange, {
      ...{ outcome: 'incomplete', incomplete_reason: 'client_disconnect', http_status_code: 200 },
      ...{ tokens_source: 'count', mutated_prompt_tokens: exchange.prompt, verbatim_completion_tokens: seen },
      backend_reported_usage: null,
      cost_usd: priceOf(model, exchange.prompt, seen) / 1e9,
    })
    return { tokens: extra, nanoUsd: extra * model.output }
  }),

  retries: eachOf('retries', (exchange, draw, world) => {
    const { model, prompt } = exchange
    const extra = draw(0, 3_000)
    const record = exchange.record!
    const first = anEntry(record, {
      ...{ http_status_code: draw(0, 1) === 0 ? 500 : null, error_type: 'backend_timeout', cost_usd: null },
      ...{ backend_reported_usage: null, duration_ms: 40, started_ms: 0 },
    })
    record.attempts = 2
    record.attempt_log = [first, { ...record.attempt_log[0]!, started_ms: 50 }]
    world.strays.push({
      ...{ ...exchange.generation!, prompt, completion: extra, nanoUsd: priceOf(model, prompt, extra) },
    })
    return { tokens: prompt + extra, nanoUsd: priceOf(model, prompt, extra) }
  }),

  crash: eachOf('crash', (exchange) => {
    const { model, prompt, completion } = exchange
    change(exchange, {
      ...{ outcome: 'incomplete', incomplete_reason: 'crash', http_status_code: null, tokens_source: null },
      ...{ mutated_prompt_tokens: null, verbatim_completion_tokens: null, total_tokens: null },
      ...{ backend_reported_usage: null, cost_usd: null, cost_parts: null },
    })
    return { tokens: prompt + completion, nanoUsd: priceOf(model, prompt, completion) }
  }),

  missing_reports: (world, dayIndex, model, draw) => {
    const sign = draw(0, 1) === 0 ? 1 : -1
    return eachOf('missing_reports', (exchange) => {
      const { prompt, completion } = exchange
      const [ourPrompt, ourCompletion] = [prompt, completion].map((tokens) =>
        Math.round(tokens * (1 + (sign * draw(4, 15)) / 100)),
      ) as [number, number]
      change(exchange, {
        ...{ tokens_source: 'count', backend_reported_usage: null, cost_basis: 'own_count' },
        ...{ mutated_prompt_tokens: ourPrompt, verbatim_completion_tokens: ourCompletion },
        cost_usd: priceOf(model, ourPrompt, ourCompletion) / 1e9,
      })
      return {
        tokens: prompt + completion - ourPrompt - ourCompletion,
        nanoUsd: priceOf(model, prompt, completion) - priceOf(model, ourPrompt, ourCompletion),
      }
    })(world, dayIndex, model, draw)
  },

  unpriced: eachOf('unpriced', (exchange) => {
    change(exchange, { cost_usd: null, cost_parts: null, cost_basis: null, cost_source: null })
    return { tokens: 0, nanoUsd: exchange.generation!.nanoUsd }
  }),

  /** A model's price on all days. */
  other_rates: (world, _day, model, draw) => {
    const factor = draw(0, 1) === 0 ? draw(50, 94) : draw(106, 180)
    const off = new Map<number, number>()
    for (const { day: at, generation } of exchangesOf(world, null, model)) {
      if (!generation) continue
      const charged = Math.round((generation.nanoUsd * factor) / 100)
      off.set(at, (off.get(at) ?? 0) + charged - generation.nanoUsd)
      generation.nanoUsd = charged
    }
    return [...off]
      .filter(([at]) => at >= 0 && at < world.days)
      .map(([at, nanoUsd]) => ({ day: at, model, cause: 'other_rates', tokens: 0, nanoUsd }))
  },

  not_through_proxy: (world, dayIndex, model) => {
    const gone = exchangesOf(world, dayIndex, model)
    for (const exchange of gone) exchange.record = null
    return [
      {
        day: dayIndex,
        model,
        cause: 'not_through_proxy',
        ...sumOf(gone.map(({ generation }) => generation!)),
      },
    ]
  },

  not_on_invoice: (world, dayIndex, model) => {
    const gone = exchangesOf(world, dayIndex, model)
    const { tokens, nanoUsd } = sumOf(gone.map(({ generation }) => generation!))
    for (const exchange of gone) exchange.generation = null
    return [{ day: dayIndex, model, cause: 'not_on_invoice', tokens: -tokens, nanoUsd: -nanoUsd }]
  },
}

/** Seen only where the invoice counts calls. */
export const countedFaults: Readonly<Record<string, Fault>> = {
  not_through_proxy: (world, dayIndex, model, draw) => {
    const others = Array.from({ length: draw(1, 4) }, () => anExchange(draw, dayIndex, model).generation!)
    world.strays.push(...others)
    return [{ day: dayIndex, model, cause: 'not_through_proxy', ...sumOf(others) }]
  },
  not_on_invoice: (world, dayIndex, model) => {
    const one = exchangesOf(world, dayIndex, model)[0]!
    const { tokens, nanoUsd } = sumOf([one.generation!])
    one.generation = null
    return [{ day: dayIndex, model, cause: 'not_on_invoice', tokens: -tokens, nanoUsd: -nanoUsd }]
  },
}

/** An exchange just before midnight that the provider dates at its end. */
export const overMidnight: Fault = (world, dayIndex, model, draw) => {
  const exchange = anExchange(draw, dayIndex, model)
  const midnight = begin + (dayIndex + 1) * day
  const [atMs, durationMs] = [midnight - draw(1_000, 60_000), draw(61_000, 120_000)]
  exchange.generation!.atMs = atMs + durationMs
  change(exchange, { timestamp: new Date(atMs).toISOString(), total_duration_ms: durationMs })
  exchange.record!.attempt_log[0]!.duration_ms = durationMs
  world.exchanges.push(exchange)
  const { tokens, nanoUsd } = sumOf([exchange.generation!])
  const cause = 'over_midnight'
  return [
    { day: dayIndex, model, cause, tokens: -tokens, nanoUsd: -nanoUsd },
    { day: dayIndex + 1, model, cause, tokens, nanoUsd },
  ]
}

function eachOf(
  cause: string,
  harm: (exchange: Exchange, draw: Draw, world: World) => { tokens: number; nanoUsd: number },
): Fault {
  return (world, dayIndex, model, draw) => {
    const all = exchangesOf(world, dayIndex, model)
    const harmed = all.slice(0, draw(1, all.length))
    const off = harmed.map((exchange) => harm(exchange, draw, world))
    return [
      {
        ...{ day: dayIndex, model, cause },
        tokens: off.reduce((sum, { tokens }) => sum + tokens, 0),
        nanoUsd: off.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
      },
    ]
  }
}

function exchangesOf({ exchanges }: World, dayIndex: number | null, model: Model): Exchange[] {
  return exchanges.filter((one) => one.model === model && (dayIndex === null || one.day === dayIndex))
}

function change(exchange: Exchange, changed: Partial<UsageRecord>): void {
  const record = exchange.record!
  Object.assign(record, changed)
  record.attempt_log = record.attempt_log.map((entry) => ({
    ...entry,
    backend_reported_usage: record.backend_reported_usage,
    cost_usd: record.cost_usd,
    http_status_code: record.http_status_code,
  }))
}

function sumOf(generations: readonly Generation[]): { tokens: number; nanoUsd: number } {
  return {
    tokens: generations.reduce((sum, { prompt, completion }) => sum + prompt + completion, 0),
    nanoUsd: generations.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
  }
}
