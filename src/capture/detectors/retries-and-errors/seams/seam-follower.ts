import type { JsonObject } from '../../../../core/json.ts'

export interface SeamTold {
  /** The end of a sentence that says where. */
  what: string
  /** Ids of the two answers. */
  first: string | null
  second: string | null
}

/** Follows the events of one stream; events of other protocols mean nothing to it. */
export type SeamFollower = (event: JsonObject) => SeamTold | null
