import { nanoUsdOf } from '../../../core/cost.ts'
import { fieldKinds, fieldNames } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'
import type { Batch } from '../store.ts'
import { type Cell, cellOf } from './columns.ts'

/** Fields that hardly two records have alike, in the order of their cells. */
export const ownFields = [
  ...['id', 'timestamp', 'session_id', 'turn_number', 'attempt_log'],
  ...['verbatim_prompt_tokens', 'mutated_prompt_tokens', 'verbatim_completion_tokens'],
  ...['mutated_completion_tokens', 'total_tokens', 'backend_reported_usage', 'cost_usd', 'cost_parts'],
  ...['list_cost_usd', 'tool_call_count', 'tool_names', 'tool_error_count', 'ttft_ms', 'stream_tps'],
  ...['backend_wait_ms', 'queued_ms', 'longest_gap_ms', 'client_blocked_ms', 'proxy_processing_ms'],
  'total_duration_ms',
] as const satisfies readonly (keyof UsageRecord)[]
type OwnField = (typeof ownFields)[number]
type SharedField = Exclude<keyof UsageRecord, OwnField>

/** All others: many records one after the other have them alike. */
export const sharedFields = fieldNames.filter(
  (name): name is SharedField => !(ownFields as readonly string[]).includes(name),
)

/** Records that have all of `sharedFields` alike. */
export interface PackedGroup {
  /** In the order of `sharedFields`. */
  shared: Cell[]
  /** The cells of `ownFields` of one record behind those of the other. */
  own: Cell[]
}

/** A batch as the file has it: plain cells are copied to another thread in a fraction of the time that objects take. */
export interface PackedBatch {
  groups: PackedGroup[]
  /** As JSON. */
  opened: { id: string; record: string }[]
  ended: readonly string[]
}

export function packedBatch({ records, opened, ended }: Batch): PackedBatch {
  return {
    groups: packedRecords(records),
    opened: opened.map((record) => ({ id: record.id, record: JSON.stringify(record) })),
    ended,
  }
}

/** In groups, the first of each in the order of the records. */
export function packedRecords(records: readonly UsageRecord[]): PackedGroup[] {
  const groups = new Map<string, PackedGroup>()
  let last: UsageRecord | null = null
  let group: PackedGroup = { shared: [], own: [] }
  for (const record of records) {
    if (last === null || !isShared(last, record)) {
      const shared = sharedFields.map((name) => cellOf(fieldKinds[name], record[name]))
      const key = JSON.stringify(shared)
      group = groups.get(key) ?? { shared, own: [] }
      groups.set(key, group)
    }
    last = record
    addOwn(group.own, record)
  }
  return [...groups.values()]
}

/**
 * Whether two records have all of `sharedFields` alike; false also where only looking closer would tell. Written out:
 * this runs for each record in the thread that serves, and going through names takes ten times as long.
 */
function isShared(one: UsageRecord, other: UsageRecord): boolean {
  return isOfOneCall(one, other) && endedAlike(one, other) && isBilledAlike(one, other)
}

function isOfOneCall(one: UsageRecord, other: UsageRecord): boolean {
  return (
    one.frontend_type === other.frontend_type &&
    one.requested_model === other.requested_model &&
    one.backend_type === other.backend_type &&
    one.backend_instance_id === other.backend_instance_id &&
    one.model === other.model &&
    one.stream === other.stream &&
    one.call_purpose === other.call_purpose &&
    one.user_agent === other.user_agent &&
    one.client_app === other.client_app &&
    one.app_title === other.app_title &&
    one.proxy_user === other.proxy_user &&
    isAlike(one.tags, other.tags)
  )
}

function endedAlike(one: UsageRecord, other: UsageRecord): boolean {
  return (
    one.outcome === other.outcome &&
    one.incomplete_reason === other.incomplete_reason &&
    one.error_type === other.error_type &&
    one.http_status_code === other.http_status_code &&
    one.attempts === other.attempts &&
    one.replaced === other.replaced &&
    isAlike(one.replacement, other.replacement)
  )
}

function isBilledAlike(one: UsageRecord, other: UsageRecord): boolean {
  return (
    one.tokens_source === other.tokens_source &&
    one.token_count_method === other.token_count_method &&
    one.counter_version === other.counter_version &&
    one.billing === other.billing &&
    one.cost_basis === other.cost_basis &&
    one.cost_source === other.cost_source &&
    one.price_version === other.price_version
  )
}

/** Of lists and objects only what is empty is known to be alike. */
function isAlike(one: object | null, other: object | null): boolean {
  return one === other || (one !== null && other !== null && isEmpty(one) && isEmpty(other))
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false
  return true
}

/** In the order of `ownFields`, and written out for the same reason. */
function addOwn(to: Cell[], record: UsageRecord): void {
  to.push(
    record.id,
    Date.parse(record.timestamp),
    record.session_id,
    record.turn_number,
    JSON.stringify(record.attempt_log),
    record.verbatim_prompt_tokens,
    record.mutated_prompt_tokens,
    record.verbatim_completion_tokens,
    record.mutated_completion_tokens,
    record.total_tokens,
    record.backend_reported_usage && JSON.stringify(record.backend_reported_usage),
    nanoOf(record.cost_usd),
    record.cost_parts && JSON.stringify(record.cost_parts),
    nanoOf(record.list_cost_usd),
    record.tool_call_count,
    record.tool_names.length === 0 ? '[]' : JSON.stringify(record.tool_names),
    record.tool_error_count,
    record.ttft_ms,
    record.stream_tps,
    record.backend_wait_ms,
    record.queued_ms,
    record.longest_gap_ms,
    record.client_blocked_ms,
    record.proxy_processing_ms,
    record.total_duration_ms,
  )
}

function nanoOf(usd: number | null): number | null {
  return usd === null ? null : nanoUsdOf(usd)
}
