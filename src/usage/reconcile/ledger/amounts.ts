import { type Charge, type IncidentKind, incidentKinds } from './charge.ts'

/** Tokens and money; what has no price is in neither part of the money. */
export interface Amounts {
  tokens: number
  nanoUsd: number
}

/** Attempts of one kind that the provider may have charged otherwise. */
export interface Incidents {
  attempts: number
  /** Billed in the ledger all the same: counted, or the part that was reported. */
  tokens: number
  nanoUsd: number
  /** Of prompts that were sent and are not billed in the ledger; of `unknownPrompts` nobody knows. */
  unbilledPromptTokens: number
  unknownPrompts: number
  reasons: ReadonlyMap<string, number>
}

/** What the ledger has for a time and a model. */
export interface LedgerAmounts extends Amounts {
  attempts: number
  unpricedAttempts: number
  unpricedTokens: number
  incidents: ReadonlyMap<IncidentKind, Incidents>
}

/** Sums that grow; one for each hour and model, so it keeps a map only where there is something in it. */
export class LedgerSums implements LedgerAmounts {
  attempts = 0
  tokens = 0
  nanoUsd = 0
  unpricedAttempts = 0
  unpricedTokens = 0
  #incidents: Map<IncidentKind, Incidents> | null = null

  get incidents(): ReadonlyMap<IncidentKind, Incidents> {
    return this.#incidents ?? noIncidents
  }

  add(charge: Charge): void {
    const tokens = charge.promptTokens + charge.completionTokens
    this.attempts++
    this.tokens += tokens
    this.nanoUsd += charge.nanoUsd ?? 0
    if (charge.nanoUsd === null && tokens > 0) {
      this.unpricedAttempts++
      this.unpricedTokens += tokens
    }
    if (charge.incident !== null) this.#addIncidents(charge.incident, incidentOf(charge, tokens))
  }

  addAll(other: LedgerAmounts): void {
    this.attempts += other.attempts
    this.tokens += other.tokens
    this.nanoUsd += other.nanoUsd
    this.unpricedAttempts += other.unpricedAttempts
    this.unpricedTokens += other.unpricedTokens
    for (const kind of incidentKinds) {
      const incidents = other.incidents.get(kind)
      if (incidents) this.#addIncidents(kind, incidents)
    }
  }

  #addIncidents(kind: IncidentKind, more: Incidents): void {
    this.#incidents ??= new Map()
    const known = this.#incidents.get(kind)
    this.#incidents.set(kind, known ? together(known, more) : more)
  }
}

const noIncidents: ReadonlyMap<IncidentKind, Incidents> = new Map()

function incidentOf(charge: Charge, tokens: number): Incidents {
  return {
    ...{ attempts: 1, tokens, nanoUsd: charge.nanoUsd ?? 0 },
    unbilledPromptTokens: charge.unbilledPromptTokens ?? 0,
    unknownPrompts: charge.unbilledPromptTokens === null ? 1 : 0,
    reasons: new Map(charge.reason === null ? [] : [[charge.reason, 1]]),
  }
}

function together(a: Incidents, b: Incidents): Incidents {
  const reasons = new Map(a.reasons)
  for (const [reason, count] of b.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  return {
    attempts: a.attempts + b.attempts,
    tokens: a.tokens + b.tokens,
    nanoUsd: a.nanoUsd + b.nanoUsd,
    unbilledPromptTokens: a.unbilledPromptTokens + b.unbilledPromptTokens,
    unknownPrompts: a.unknownPrompts + b.unknownPrompts,
    reasons,
  }
}
