import type { Json } from '../../core/json.ts'

/**
 * How closely two answers or requests are compared (`reference/capture-and-replay.md` §5, "Verification levels").
 * `bytes`: the joined bodies. `events`: each event's JSON in its order. `semantic`: the message that a client would
 * have. `structure`: which tools with which arguments, the end, about how long: for models that answer anew.
 */
export const compareLevels = ['bytes', 'events', 'semantic', 'structure'] as const
export type CompareLevel = (typeof compareLevels)[number]

export type DifferenceKind =
  | 'status'
  | 'header'
  /** A request's method, path or query. */
  | 'url'
  | 'body'
  /** One side streams, the other does not; or their events are not the same. */
  | 'event'
  /** Text, thoughts, tool calls. */
  | 'message'
  | 'model'
  | 'usage'
  /** Why it ended, and whether it is complete by its protocol's own words. */
  | 'ending'
  | 'error'

export interface Difference {
  /** `choices[0].text`, `header content-type`, `body byte 120`. */
  path: string
  kind: DifferenceKind
  /** Undefined: it is not there on this side. */
  before: Json | undefined
  after: Json | undefined
}
