import { usdOf } from '../../../core/cost.ts'
import type { UsageRecord } from '../../record/record.ts'
import { keyText, type RollupKey } from '../../rollups/rollup-key.ts'
import type { CountedRecord } from '../../statistics/counted-record.ts'
import type { Fact } from '../../statistics/fact.ts'
import { factOf } from '../../statistics/facts.ts'
import type { Cell } from './columns.ts'
import type { PackedGroup } from './packed-batch.ts'
import { openedAtMs, ownAt, ownWidth, sharedAt } from './record-rows.ts'

/** What is told of an attempt that failed and of no other: within a text of JSON quotes are escaped. */
const failure = '"error_type":"'
const noNames: string[] = []

/** What roll-ups take of a group's records, without the rows being read from the file. */
export class GroupFacts {
  /** As `keyText` has it. */
  readonly key: string
  readonly #own: readonly Cell[]
  readonly #group: PackedGroup
  readonly #shared: RollupKey & Pick<CountedRecord, 'incomplete_reason' | 'tokens_source' | 'cost_source'>
  readonly #tags: UsageRecord['tags'] = {}

  constructor(group: PackedGroup) {
    this.#group = group
    this.#own = group.own
    const shared = <Name extends keyof typeof sharedAt>(name: Name) =>
      group.shared[sharedAt[name]] as UsageRecord[Name]
    this.#shared = {
      backend_type: shared('backend_type'),
      backend_instance_id: shared('backend_instance_id'),
      model: shared('model'),
      frontend_type: shared('frontend_type'),
      client_app: shared('client_app'),
      proxy_user: shared('proxy_user'),
      call_purpose: shared('call_purpose'),
      outcome: shared('outcome'),
      http_status_code: shared('http_status_code'),
      replaced: group.shared[sharedAt.replaced] === 1,
      attempts: shared('attempts'),
      incomplete_reason: shared('incomplete_reason'),
      tokens_source: shared('tokens_source'),
      cost_source: shared('cost_source'),
    }
    this.key = keyText(this.#shared)
  }

  of(index: number): Fact {
    const at = index * ownWidth
    const own = this.#own
    const shared = this.#shared
    const number = (place: number) => own[at + place] as number | null
    const log = own[at + ownAt.attempt_log] as string
    const names = own[at + ownAt.tool_names] as string
    const record: CountedRecord = {
      id: own[at + ownAt.id] as string,
      session_id: own[at + ownAt.session_id] as string | null,
      frontend_type: shared.frontend_type,
      backend_type: shared.backend_type,
      backend_instance_id: shared.backend_instance_id,
      model: shared.model,
      call_purpose: shared.call_purpose,
      outcome: shared.outcome,
      incomplete_reason: shared.incomplete_reason,
      http_status_code: shared.http_status_code,
      attempts: shared.attempts,
      // Only attempts that failed are looked at.
      attempt_log: log.includes(failure) ? (JSON.parse(log) as UsageRecord['attempt_log']) : [],
      replaced: shared.replaced,
      tags: this.#tags,
      verbatim_prompt_tokens: number(ownAt.verbatim_prompt_tokens),
      mutated_prompt_tokens: number(ownAt.mutated_prompt_tokens),
      verbatim_completion_tokens: number(ownAt.verbatim_completion_tokens),
      mutated_completion_tokens: number(ownAt.mutated_completion_tokens),
      tokens_source: shared.tokens_source,
      backend_reported_usage: parsed(own[at + ownAt.backend_reported_usage]),
      cost_usd: usd(number(ownAt.cost_usd)),
      cost_parts: parsed(own[at + ownAt.cost_parts]),
      list_cost_usd: usd(number(ownAt.list_cost_usd)),
      cost_source: shared.cost_source,
      tool_call_count: number(ownAt.tool_call_count) ?? 0,
      tool_names: names === '[]' ? noNames : (JSON.parse(names) as string[]),
      ttft_ms: number(ownAt.ttft_ms),
      stream_tps: number(ownAt.stream_tps),
      backend_wait_ms: number(ownAt.backend_wait_ms),
      longest_gap_ms: number(ownAt.longest_gap_ms),
      proxy_processing_ms: number(ownAt.proxy_processing_ms),
      total_duration_ms: number(ownAt.total_duration_ms) ?? 0,
      client_app: shared.client_app,
      proxy_user: shared.proxy_user,
    }
    return factOf(record, openedAtMs(this.#group, index))
  }
}

function parsed<T>(cell: Cell | undefined): T | null {
  return typeof cell === 'string' ? (JSON.parse(cell) as T) : null
}

function usd(nano: number | null): number | null {
  return nano === null ? null : usdOf(nano)
}
