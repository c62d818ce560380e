import { nanoUsdOf } from '../../../core/cost.ts'
import type { AttemptEntry, BackendReportedUsage, UsageRecord } from '../../record/record.ts'

/** What makes an attempt's figures uncertain: the provider may have charged another amount than the ledger has. */
export const incidentKinds = ['disconnect', 'retry', 'crash', 'missing_report'] as const
export type IncidentKind = (typeof incidentKinds)[number]

/** One attempt, as an invoice would have it. */
export interface Charge {
  atMs: number
  endMs: number
  model: string
  /** Billed: as the provider reported them, else as we counted. */
  promptTokens: number
  completionTokens: number
  /** null: there is no price. */
  nanoUsd: number | null
  incident: IncidentKind | null
  /** What ended it early, in the record's word. */
  reason: string | null
  /** The prompt that the provider was sent, where the billed one lacks it. */
  unbilledPromptTokens: number | null
  /** The dearest rate that its cost was reckoned with. */
  usdPerMillion: number
}

/** Where the request cannot have come to the provider. */
const neverSent = new Set(['connect_failed', 'no_credential', 'untranslatable', 'model_refused', 'loop'])

export type BackendNames = readonly string[]

/** An exchange's attempts as charges; `plan`: how many went through a plan, which bills no tokens. */
export function chargesOf(record: UsageRecord, backends: BackendNames): { charges: Charge[]; plan: number } {
  const asked = record.attempt_log.filter((entry) => isAsked(entry, backends))
  const billed = asked.filter((entry) => !isPlan(record, entry))
  const charges = billed.map((entry) => chargeOf(record, entry)).filter((charge) => charge !== null)
  return { charges, plan: asked.length - billed.length }
}

function isAsked(entry: AttemptEntry, backends: BackendNames): boolean {
  return (
    backends.length === 0 ||
    backends.includes(entry.backend_instance_id) ||
    backends.includes(entry.backend_type)
  )
}

/** The record says it of its last attempt; others at the same backend had the same login. */
function isPlan(record: UsageRecord, entry: AttemptEntry): boolean {
  return (
    record.billing === 'subscription' &&
    entry.cost_usd === null &&
    entry.backend_instance_id === record.backend_instance_id
  )
}

/** Null for what no provider charges: requests that are no generation, and those that it refused or never got. */
function chargeOf(record: UsageRecord, entry: AttemptEntry): Charge | null {
  const isLast = entry === record.attempt_log.at(-1)
  const report = isLast ? record.backend_reported_usage : entry.backend_reported_usage
  const { promptTokens, completionTokens, isWhole } = billedTokens(record, report, isLast)
  const incident = incidentOf(record, entry, isLast, isWhole)
  const isNothing = promptTokens + completionTokens === 0 && entry.cost_usd === null
  if (isNothing && incident === null) return null
  const startMs = Date.parse(record.timestamp) + entry.started_ms
  return {
    atMs: startMs,
    endMs: startMs + (entry.duration_ms ?? 0),
    // The answer's name is the more exact one, and the one that invoices have.
    model: entry.response_model ?? entry.model ?? record.requested_model ?? '',
    ...{ promptTokens, completionTokens, incident },
    nanoUsd: entry.cost_usd === null ? null : nanoUsdOf(entry.cost_usd),
    reason: isLast ? (record.incomplete_reason ?? record.error_type) : entry.error_type,
    unbilledPromptTokens: promptTokens > 0 ? 0 : sentPrompt(record),
    usdPerMillion: isLast ? Math.max(0, ...(record.cost_parts ?? []).map((part) => part.usd_per_million)) : 0,
  }
}

interface BilledTokens {
  promptTokens: number
  completionTokens: number
  /** The provider told all of it. */
  isWhole: boolean
}

function billedTokens(
  record: UsageRecord,
  report: BackendReportedUsage | null,
  isLast: boolean,
): BilledTokens {
  const reported = reportedTokens(report)
  if (reported.isWhole || !isLast || record.tokens_source !== 'count') return reported
  return {
    promptTokens: report?.prompt_tokens ?? record.mutated_prompt_tokens ?? 0,
    completionTokens: record.verbatim_completion_tokens ?? 0,
    isWhole: false,
  }
}

function reportedTokens(report: BackendReportedUsage | null): BilledTokens {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = report ?? {}
  const promptTokens = prompt ?? Math.max(0, (total ?? 0) - (completion ?? 0))
  return {
    promptTokens,
    completionTokens: completion ?? Math.max(0, (total ?? 0) - promptTokens),
    isWhole: prompt !== undefined && completion !== undefined,
  }
}

function incidentOf(
  record: UsageRecord,
  entry: AttemptEntry,
  isLast: boolean,
  isWhole: boolean,
): IncidentKind | null {
  if (isWhole) return null
  if (isLast && record.outcome === 'incomplete') {
    return record.incomplete_reason === 'crash' ? 'crash' : 'disconnect'
  }
  if (!isLast || record.outcome === 'error') return mayBeCharged(entry) ? 'retry' : null
  return record.outcome === 'complete' && record.tokens_source === 'count' ? 'missing_report' : null
}

/** A refusal costs nothing; an answer that failed, or never came, may have been generated all the same. */
function mayBeCharged({ http_status_code: status, error_type: error }: AttemptEntry): boolean {
  if (status === null) return !neverSent.has(error ?? '')
  return status < 400 || status >= 500
}

function sentPrompt(record: UsageRecord): number | null {
  return record.backend_reported_usage?.prompt_tokens ?? record.mutated_prompt_tokens ?? null
}
