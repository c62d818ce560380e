import type { Counted } from './counted.ts'

/** What was counted and noted beside the exchange. */
export interface Noted {
  counts: { ctp: Counted | null; ptb: Counted | null; btp: Counted | null; ptc: Counted | null }
  toolErrors: number | null
  passingNs: number
  writtenNs: number | null
}
