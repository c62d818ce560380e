import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import type { AttemptEntry, UsageRecord } from '../../../src/usage/record/record.ts'
import type { BookLine } from './books.ts'
import type { Seen } from './client.ts'
import { endOfAttempt, endOfExchange } from './endings.ts'
import { moneyOf } from './money.ts'
import type { ExchangePlan } from './plan.ts'
import { reportOf } from './report.ts'
import { offersTools } from './requests.ts'

export interface Lived {
  plan: ExchangePlan
  seen: Seen
  lines: readonly BookLine[]
  /** False: the texts are not counted once more, which takes the longest. */
  isCounted?: boolean
}

/** What a record says otherwise than the books: one line for each difference. */
export function differences({ plan, seen, lines, isCounted = true }: Lived, record: UsageRecord): string[] {
  const found: string[] = []
  const same = (what: string, ours: unknown, theirs: unknown) => {
    const [left, right] = [ours, theirs].map((value) => JSON.stringify(value))
    if (left !== right) found.push(`${plan.id} ${plan.kind}: ${what} is ${left}, by the books ${right}`)
  }
  const last = lines.at(-1)
  same('attempts', record.attempts, lines.length)
  same('attempts of the plan', lines.length, plan.parts.length)
  same(
    'ids',
    record.attempt_log.map(idOf),
    lines.map(({ status, requestId }) => (status === null ? null : requestId)),
  )
  for (const [index, line] of lines.entries()) {
    const entry = record.attempt_log[index]
    if (entry) same(`attempt ${index + 1}`, factsOf(entry), factsByBooks(plan, line))
  }
  const { outcome, incompleteReason, errorType, status } = endOfExchange(plan, last)
  same('outcome', [record.outcome, record.incomplete_reason], [outcome, incompleteReason])
  same('error type', record.error_type, errorType)
  same('status', record.http_status_code, seen.status)
  if (status !== null) same('status', record.http_status_code, status)
  same('place', [record.backend_instance_id, record.model], [last?.backend ?? null, last?.model ?? null])
  same(
    'client',
    [record.frontend_type, record.stream],
    [plan.client, plan.kind === 'rejected' ? record.stream : plan.stream],
  )
  same('report', record.backend_reported_usage, last ? reportOf(last) : null)
  same('money', ourMoney(record), moneyOf(lines, record))
  same('tools', record.tool_call_count, last?.ending === 'complete' ? last.calls.length : 0)
  const counted = isCounted ? countFaults(plan, last, record) : []
  found.push(...counted.map((fault) => `${plan.id} ${plan.kind}: ${fault}`))
  return found
}

function idOf(entry: AttemptEntry): string | null {
  return entry.upstream_request_id
}

function factsOf(entry: AttemptEntry) {
  return {
    backend: entry.backend_instance_id,
    type: entry.backend_type,
    status: entry.http_status_code,
    error: entry.error_type,
    report: entry.backend_reported_usage,
    model: entry.model,
    answeredAs: entry.response_model,
  }
}

function factsByBooks(plan: ExchangePlan, line: BookLine) {
  return {
    backend: line.backend,
    type: line.backend.split('.')[0],
    status: line.status,
    error: endOfAttempt(plan, line),
    report: reportOf(line),
    model: line.model,
    answeredAs: line.answeredAs,
  }
}

function ourMoney(record: UsageRecord) {
  return {
    cost: record.cost_usd,
    costs: record.attempt_log.map(({ cost_usd }) => cost_usd),
    basis: record.cost_basis,
    source: record.cost_source,
    tokens: record.tokens_source,
  }
}

/** Tokens of the model for one of o200k, in the table of November 2026. */
function factorOf(model: string): number {
  if (model.startsWith('claude')) return 1.12
  return model.startsWith('gemini') ? 1.07 : 1
}

/** Within 5 % of the text that was sent, by the tokenizer itself. */
function countFaults(plan: ExchangePlan, last: BookLine | undefined, record: UsageRecord): string[] {
  if (!last) return []
  const factor = factorOf(last.model)
  const faults: string[] = []
  const near = (what: string, ours: number | null, tokens: number) => {
    const expected = tokens * factor
    if (ours === null || Math.abs(ours - expected) > 0.05 * expected)
      faults.push(`${what} is ${ours}, by the tokenizer ${expected}`)
  }
  const said = last.calls.map((call) => call.name + JSON.stringify(call.arguments)).join('')
  near('completion', record.verbatim_completion_tokens, countTokens(last.text + said))
  const heard = plan.readsOn ? last.textBeforeWait : last.text + said
  near('completion as the client got it', record.mutated_completion_tokens, countTokens(heard))
  // Six tokens frame one message.
  if (!offersTools(plan)) near('prompt', record.mutated_prompt_tokens, countTokens(plan.prompt) + 6)
  const method = factor === 1 ? 'tokenizer' : 'approximate'
  if (record.token_count_method !== method) faults.push(`counted by ${record.token_count_method}`)
  return faults
}
