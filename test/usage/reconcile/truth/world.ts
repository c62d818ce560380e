import type { UsageRecord } from '../../../../src/usage/record/record.ts'
import { anEntry, aRecord } from '../../../support/a-record.ts'

/** Whole numbers from `min` to `max`, both included. */
export type Draw = (min: number, max: number) => number

/** What a provider did, and charged. */
export interface Generation {
  atMs: number
  model: string
  prompt: number
  completion: number
  nanoUsd: number
}

/** A model as the provider's list and as clients name it, with its price in nano-dollars a token. */
export interface Model {
  listed: string
  asked: string
  input: number
  output: number
}

/** What really happened, and what a proxy's ledger has of it. Each exchange is a generation and a record. */
export interface World {
  days: number
  models: readonly Model[]
  exchanges: Exchange[]
  /** Charged, but no exchange of the ledger. */
  strays: Generation[]
}

export interface Exchange {
  day: number
  model: Model
  generation: Generation | null
  record: UsageRecord | null
  prompt: number
  completion: number
}

export const hour = 3_600_000
export const day = 24 * hour
export const begin = Date.parse('2026-10-12T00:00:00Z')

const catalogue: readonly Model[] = [
  {
    listed: 'anthropic/claude-4.5-sonnet-20250929',
    asked: 'anthropic/claude-sonnet-4.5',
    input: 3_000,
    output: 15_000,
  },
  { listed: 'openai/gpt-4o-2024-08-06', asked: 'openai/gpt-4o', input: 2_500, output: 10_000 },
  { listed: 'openai/gpt-4o-mini', asked: 'gpt-4o-mini', input: 150, output: 600 },
  { listed: 'google/gemini-2.5-pro', asked: 'google/gemini-2.5-pro', input: 1_250, output: 10_000 },
]

/** Some days on which all is as it should be, and a day of traffic before and after them. */
export function aWorld(draw: Draw, { days = draw(2, 4) }: { days?: number } = {}): World {
  const world: World = { days, models: catalogue.slice(0, draw(2, 4)), exchanges: [], strays: [] }
  for (let index = -1; index <= days; index++) {
    for (const model of world.models) {
      for (let left = draw(3, 7); left > 0; left--) world.exchanges.push(anExchange(draw, index, model))
    }
  }
  return world
}

let made = 0

export function anExchange(draw: Draw, dayIndex: number, model: Model): Exchange {
  const atMs = begin + dayIndex * day + draw(10 * 60_000, day - 20 * 60_000)
  made++
  const exchange: Exchange = {
    ...{ day: dayIndex, model, generation: null, record: null },
    // No two are alike, however small a failing case is made: equal amounts would hide behind each other.
    ...{ prompt: draw(500, 40_000) + 13 * (made % 997), completion: draw(20, 4_000) + (made % 83) },
  }
  exchange.generation = generationOf(exchange, atMs)
  exchange.record = recordOf(exchange, atMs, draw(500, 90_000))
  return exchange
}

export function priceOf({ input, output }: Model, prompt: number, completion: number): number {
  return prompt * input + completion * output
}

function generationOf({ model, prompt, completion }: Exchange, atMs: number): Generation {
  return { atMs, model: model.listed, prompt, completion, nanoUsd: priceOf(model, prompt, completion) }
}

/** The record of an exchange whose provider reported all of it. */
function recordOf({ model, prompt, completion }: Exchange, atMs: number, durationMs: number): UsageRecord {
  const record = aRecord({
    timestamp: new Date(atMs).toISOString(),
    ...{ backend_type: 'openrouter', backend_instance_id: 'openrouter.main', model: model.asked },
    requested_model: model.asked,
    ...{ mutated_prompt_tokens: prompt - 3, verbatim_completion_tokens: completion + 1 },
    backend_reported_usage: {
      ...{ prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
    },
    cost_usd: priceOf(model, prompt, completion) / 1e9,
    cost_parts: [
      { kind: 'input', tokens: prompt, usd_per_million: model.input / 1_000 },
      { kind: 'output', tokens: completion, usd_per_million: model.output / 1_000 },
    ],
    total_duration_ms: durationMs,
  })
  record.attempt_log = [anEntry(record, { started_ms: 0, duration_ms: durationMs })]
  return record
}

export function generationsOf({ exchanges, strays }: World): Generation[] {
  return [...exchanges.flatMap(({ generation }) => generation ?? []), ...strays]
}

/** With what a ledger has beside: other backends, plans, and requests that nobody charges. */
export function recordsOf(world: World): UsageRecord[] {
  const ours = world.exchanges.flatMap(({ record }) => record ?? [])
  const others = ours
    .filter((_, index) => index % 5 === 0)
    .flatMap((record) => {
      const elsewhere = { backend_type: 'anthropic', backend_instance_id: 'anthropic' }
      const plan = { ...record, id: `${record.id}p`, billing: 'subscription' as const, cost_usd: null }
      const refused = {
        ...record,
        id: `${record.id}r`,
        outcome: 'error' as const,
        error_type: 'backend_error',
      }
      return [
        { ...record, id: `${record.id}e`, ...elsewhere, attempt_log: [anEntry({ ...record, ...elsewhere })] },
        { ...plan, list_cost_usd: record.cost_usd, attempt_log: [anEntry({ ...plan, cost_usd: null })] },
        {
          ...{
            ...refused,
            http_status_code: 429,
            tokens_source: null,
            backend_reported_usage: null,
            cost_usd: null,
          },
          attempt_log: [
            anEntry({ ...record, http_status_code: 429, backend_reported_usage: null, cost_usd: null }),
          ],
        },
      ]
    })
  return [...ours, ...others].sort((a, b) => a.timestamp.localeCompare(b.timestamp))
}
