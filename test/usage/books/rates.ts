import { unpricedModel } from './backends.ts'
import type { BookLine } from './books.ts'
import type { Amounts } from './plan.ts'

/** Nano-dollars for one token: a thousand times the dollars for a million. */
interface Rates {
  input: number
  cacheRead: number
  cacheWrite: number
  cacheWriteHour: number
  output: number
  /** In place of all these, when the prompt has more than 200,000 tokens. */
  long?: Rates
}

/** As published, in November 2026; OpenAI and Google charge nothing for writing. */
const published: Record<string, Rates> = {
  'gpt-4o': rates(2_500, 1_250, 10_000),
  'gpt-4o-2024-05-13': rates(5_000, 5_000, 15_000),
  'gpt-4o-mini': rates(150, 75, 600),
  'gpt-4.1': rates(2_000, 500, 8_000),
  'gpt-5-mini': rates(250, 25, 2_000),
  'claude-3-5-sonnet-20241022': rates(3_000, 300, 15_000, 3_750, 6_000),
  'claude-sonnet-4-5-20250929': {
    ...rates(3_000, 300, 15_000, 3_750, 6_000),
    long: rates(6_000, 600, 22_500, 7_500, 12_000),
  },
  'claude-opus-4-1': rates(15_000, 1_500, 75_000, 18_750, 30_000),
  'gemini-2.5-flash': rates(300, 30, 2_500),
  'gemini-2.5-pro': { ...rates(1_250, 125, 10_000), long: rates(2_500, 250, 15_000) },
  // What is read from the cache has no other price there.
  'openai/gpt-4o': rates(2_500, 2_500, 10_000),
}

/** As the configuration has them. */
const configured: Record<string, Rates> = {
  'openai gpt-4.1-mini': rates(370, 90, 1_590),
  'gemini.a gemini-2.5-pro': rates(1_300, 310, 9_700),
}

function rates(
  input: number,
  cacheRead: number,
  output: number,
  cacheWrite = input,
  cacheWriteHour = input,
): Rates {
  return { input, cacheRead, cacheWrite, cacheWriteHour, output }
}

type SourcedRates = Rates & { source: 'config' | 'catalog' }

/** Our own price of the model asked for, else the published one of the model that answered. Null: there is none. */
export function ratesOf({ backend, model, answeredAs }: BookLine): SourcedRates | null {
  const type = backend.split('.')[0] ?? ''
  const own = configured[`${backend} ${model}`] ?? configured[`${type} ${model}`]
  if (own) return { ...own, source: 'config' }
  const found = published[answeredAs ?? model] ?? published[model]
  if (!found && model !== unpricedModel) throw new Error(`no rates for ${model} are written down`)
  return found ? { ...found, source: 'catalog' } : null
}

/** In whole nano-dollars. */
export function costOf(
  rates: Rates,
  { fresh, cacheRead, cacheWrite, cacheWriteHour, visible, reasoning }: Amounts,
): number {
  const isLong = fresh + cacheRead + cacheWrite + cacheWriteHour > 200_000
  const of = (isLong && rates.long) || rates
  return (
    fresh * of.input +
    cacheRead * of.cacheRead +
    cacheWrite * of.cacheWrite +
    cacheWriteHour * of.cacheWriteHour +
    (visible + reasoning) * of.output
  )
}
