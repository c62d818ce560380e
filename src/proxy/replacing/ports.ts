import type { ReplacementDecision } from '../../core/exchange.ts'

/** A backend, or a type of backends, and a model there. */
export interface ReplacementPlace {
  backend: string
  model: string
}

/** A request that another model might answer. */
export interface Replaceable {
  session: { id: string; key: string; turn: number }
  /** The access key's name. */
  user: string | null
  /** By its header. */
  isOptedOut: boolean
  asked: ReplacementPlace & { backendType: string }
}

export interface ReplacementVerdict {
  rule: string
  decision: ReplacementDecision
  /** Where another model is to answer: its place in the session's window must be closed with the exchange. */
  replaced: { to: ReplacementPlace; place: { closed(): void; failed(): void } } | null
}

/** Decides whether another model answers; null: no rule has a say in it. Must answer at once. */
export type DecideReplacement = (
  request: Replaceable,
  isUsable: (to: ReplacementPlace) => boolean,
) => ReplacementVerdict | null
