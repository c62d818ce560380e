import type { RequestCount, RequestToCount } from './request-count.ts'

/** What the counting thread is asked; it is asked for many at once. */
export type CountJob = { id: number } & ({ texts: readonly string[] } | { request: RequestToCount })
/** Null: it could not be counted. */
export type Counted = readonly number[] | RequestCount | null

export interface CountReply {
  id: number
  counted: Counted
  /** How long it kept the thread. */
  tookMs: number
}
