import type { DemoExchange } from './demo-exchange.ts'

/** How most exchanges end. */
export const plainEnd: Pick<
  DemoExchange,
  'retriedS' | 'status' | 'outcome' | 'reason' | 'error' | 'issue' | 'hold'
> = { retriedS: null, status: 200, outcome: 'complete', reason: null, error: null, issue: null, hold: null }
