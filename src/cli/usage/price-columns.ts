import { unknownMark } from '../numbers.ts'
import type { Column } from '../table.ts'

interface Rate {
  kind: string
  usdPerMillion: number
  tiers: readonly { overPromptTokens: number; usdPerMillion: number }[]
}

/** One model's rates, as the price book lists them. */
export interface PriceRow {
  backend: string
  model: string
  source: string
  rates: readonly Rate[]
  effectiveFrom: string | null
  priceVersion: string | null
}

const rate = (title: string, kind: string, dropOrder?: number): Column<PriceRow> => ({
  title,
  align: 'right',
  value: ({ rates }) => {
    const found = rates.find((one) => one.kind === kind)
    if (!found) return unknownMark
    // Dearer above so many prompt tokens.
    const tiers = found.tiers.map(
      ({ overPromptTokens, usdPerMillion }) => ` >${overPromptTokens / 1000}k $${usdPerMillion}`,
    )
    return `$${found.usdPerMillion}${tiers.join('')}`
  },
  ...(dropOrder !== undefined && { dropOrder }),
})

export const priceColumns: readonly Column<PriceRow>[] = [
  { title: 'BACKEND', value: ({ backend }) => backend },
  { title: 'MODEL', value: ({ model }) => model },
  rate('INPUT', 'input'),
  rate('CACHE READ', 'cache_read', 2),
  rate('CACHE WRITE', 'cache_write', 3),
  rate('WRITE 1h', 'cache_write_1h', 4),
  rate('OUTPUT', 'output'),
  { title: 'SINCE', value: ({ effectiveFrom }) => effectiveFrom ?? '', dropOrder: 5 },
  { title: 'SOURCE', value: ({ source, priceVersion }) => priceVersion ?? source, dropOrder: 1 },
]
