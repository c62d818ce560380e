import type { Call } from '../../../core/call.ts'
import type { LossName } from '../../../core/losses.ts'

/** What the parts of one request's decoding share. */
export interface GeminiDecoding {
  /** What no part of a call holds, as it is met. */
  special: Call['special'][number][]
  /** How closely images are to be looked at, where the request says it of all. */
  detail: string | null
}

export function newDecoding(detail: string | null): GeminiDecoding {
  const special: { loss: LossName; param: string }[] = []
  return { special, detail }
}
