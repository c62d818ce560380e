import type { Call } from '../../../core/call.ts'

/** Collects what of a request no other protocol has a place for, while it is decoded. */
export type Specials = Call['special'][number][]
