import { ReconcileFault } from '../fault.ts'
import { type ColumnMap, parseColumnMap } from './column-map.ts'

export type InvoiceFormat = 'openrouter_generations' | 'openrouter_days' | 'mapped'

/** How a file is to be read. */
export interface InvoiceLayout {
  format: InvoiceFormat
  map: ColumnMap
  /** Times without a zone are UTC. */
  timesAreUtc: boolean
  /** Whose rows they are; null: nobody knows. */
  backendType: string | null
  /** Each row is one call (`true`), or says in this column how many it stands for. */
  requests: true | string | null
  /** What a provider was paid with an own key, beside the cost. */
  ownKeyCost: string | null
}

/** As --map says, else what the header shows the file to be. Throws `ReconcileFault`. */
export function layoutOf(header: readonly string[], map: string | null): InvoiceLayout {
  if (map !== null) {
    return {
      ...{ format: 'mapped', map: parseColumnMap(map, header), timesAreUtc: false },
      ...{ backendType: null, requests: null, ownKeyCost: null },
    }
  }
  const known = openRouterGenerations(header) ?? openRouterDays(header)
  if (known) return known
  throw new ReconcileFault(
    'usage',
    `this is no activity export of OpenRouter; say which of its columns is which: ${header.join(', ')}`,
    [`llmproxy usage reconcile FILE --map ${guessedMap(header)}`],
  )
}

/**
 * The export of openrouter.ai/activity: a row a generation, its time in UTC. Completion tokens include reasoning,
 * prompt tokens what came from a cache.
 */
function openRouterGenerations(header: readonly string[]): InvoiceLayout | null {
  const has = (name: string) => header.includes(name)
  const tokens = ['tokens_prompt', 'tokens_completion'].filter(has)
  const cost = ['cost_total'].filter(has)
  const isTheirs = has('created_at') && (has('generation_id') || has('model_permaslug'))
  if (!isTheirs || tokens.length + cost.length === 0) return null
  return openRouter('openrouter_generations', header, { date: 'created_at', tokens, cost, requests: true })
}

/** A row a day, model and provider, in the words of OpenRouter's `/api/v1/activity`. */
function openRouterDays(header: readonly string[]): InvoiceLayout | null {
  const has = (name: string) => header.includes(name)
  const isTheirs = has('date') && has('usage') && (has('model_permaslug') || has('byok_usage_inference'))
  if (!isTheirs) return null
  return openRouter('openrouter_days', header, {
    date: 'date',
    tokens: ['prompt_tokens', 'completion_tokens'].filter(has),
    cost: ['usage'],
    requests: has('requests') ? 'requests' : null,
  })
}

function openRouter(
  format: InvoiceFormat,
  header: readonly string[],
  { requests, ...columns }: Pick<ColumnMap, 'date' | 'tokens' | 'cost'> & Pick<InvoiceLayout, 'requests'>,
): InvoiceLayout {
  const model = ['model_permaslug', 'model'].find((name) => header.includes(name)) ?? null
  const ownKey = 'byok_usage_inference'
  return {
    ...{ format, map: { ...columns, model }, requests, backendType: 'openrouter' },
    timesAreUtc: format === 'openrouter_generations',
    ownKeyCost: header.includes(ownKey) ? ownKey : null,
  }
}

const guesses = {
  date: /date|day|time|created/i,
  model: /model|sku|product/i,
  tokens: /tokens|input|output/i,
  cost: /cost|amount|spend|price|charge|usd/i,
}

/** What to try; a person reads it before it is tried. */
function guessedMap(header: readonly string[]): string {
  const one = (pattern: RegExp) => header.find((name) => pattern.test(name)) ?? 'COLUMN'
  const all = header.filter((name) => guesses.tokens.test(name) && !guesses.cost.test(name))
  const tokens = all.slice(0, 2).join('+') || 'COLUMN'
  const map = `date=${one(guesses.date)},model=${one(guesses.model)},tokens=${tokens},cost=${one(guesses.cost)}`
  return /[^\w=,+.-]/.test(map) ? `"${map}"` : map
}
