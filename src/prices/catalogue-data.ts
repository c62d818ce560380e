import type { ConditionalPrice, MatchLogic } from '@pydantic/genai-prices'
import * as z from 'zod'
import type { ListedProvider } from './catalogue.ts'
import { readTimeOfDay } from './time-window.ts'

const text = z.string().min(1).max(2000)

const match: z.ZodType<MatchLogic> = z.lazy(() =>
  z.union([
    z.strictObject({ or: z.array(match).min(1) }),
    z.strictObject({ and: z.array(match).min(1) }),
    z.strictObject({ equals: text }),
    z.strictObject({ starts_with: text }),
    z.strictObject({ ends_with: text }),
    z.strictObject({ contains: text }),
    z.strictObject({ regex: text.refine(compiles, 'not a regular expression') }),
  ]),
)

const usd = z.number().min(0).max(1_000_000)

const tiered = z.object({
  base: usd,
  tiers: z.array(z.object({ start: z.number().int().min(0), price: usd })),
})

const price = z.record(text, z.union([usd, tiered]))

const timeOfDay = z.string().refine((time) => readTimeOfDay(time) !== null, 'not a time of day')

/** The file may leave out what kind of constraint it is; the library's types do not. */
const constraint = z.union([
  z
    .strictObject({ type: z.literal('start_date').optional(), start_date: z.iso.date() })
    .transform(({ start_date }) => ({ type: 'start_date' as const, start_date })),
  z
    .strictObject({
      type: z.literal('time_of_date').optional(),
      start_time: timeOfDay,
      end_time: timeOfDay,
    })
    .transform((times) => ({ ...times, type: 'time_of_date' as const })),
])

const conditional: z.ZodType<ConditionalPrice> = z
  .object({ constraint: constraint.optional(), prices: price })
  .transform(({ constraint, prices }) => (constraint === undefined ? { prices } : { constraint, prices }))

const providers = z
  .array(
    z.object({
      id: text,
      fallback_model_providers: z.array(text).optional(),
      models: z.array(
        z.object({
          ...{ id: text, match, prices: z.union([z.array(conditional).min(1), price]) },
          // No price depends on it.
          context_window: z.number().int().positive().optional().catch(undefined),
        }),
      ),
    }),
  )
  .min(1)

/** The library's v2 data as this part uses it; throws on anything else, so that no half of it is used. */
export function readCatalogueData(json: string): readonly ListedProvider[] {
  const read = providers.safeParse(JSON.parse(json))
  if (read.success) return read.data
  const [first] = read.error.issues
  throw new Error(`${first?.path.join('.') || 'the whole'}: ${first?.message ?? 'not a price catalogue'}`)
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}
