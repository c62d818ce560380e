import { printable } from '../../core/printable.ts'
import { countText, durationText, percentText, unknownMark, usdText } from '../numbers.ts'
import type { RecordRow } from './print-records.ts'

interface Attempt {
  backend_instance_id: string
  model: string | null
  started_ms: number
  duration_ms: number | null
  http_status_code: number | null
  error_type: string | null
  reason: string | null
  upstream_request_id: string | null
}

/** What `show` reads of a record besides what a line of `usage recent` has. */
export interface ShownRecord extends RecordRow {
  session_id: string | null
  turn_number: number | null
  frontend_type: string
  stream: boolean
  call_purpose: string
  attempt_log: Attempt[]
  tags: Record<string, string>
  verbatim_prompt_tokens: number | null
  mutated_completion_tokens: number | null
  token_count_method: string
  cost_parts: { kind: string; tokens: number; usd_per_million: number }[] | null
  cost_basis: string | null
  cost_source: string | null
  price_version: string | null
  billing: string | null
  tool_call_count: number
  tool_names: string[]
  tool_error_count: number | null
  stream_tps: number | null
  backend_wait_ms: number | null
  longest_gap_ms: number | null
  client_blocked_ms: number
  proxy_processing_ms: number | null
  user_agent: string | null
  proxy_user: string | null
  replaced: boolean
  replacement: { rule: string; decision: string } | null
}

const nameWidth = 18

/** One exchange as lines of text: what it was, its attempts, its tokens, its times, the arithmetic of its cost. */
export function showRecord(record: ShownRecord): string[] {
  return [
    ...about(record),
    '',
    'Attempts',
    ...record.attempt_log.flatMap(attemptLines),
    ...(record.attempt_log.length === 0 ? ['  none: it was refused before a backend was asked'] : []),
    '',
    'Tokens',
    ...tokens(record),
    '',
    'Time',
    ...times(record),
    '',
    'Cost',
    ...cost(record),
  ]
}

function about(record: ShownRecord): string[] {
  const session = record.session_id && `${record.session_id}, turn ${record.turn_number ?? unknownMark}`
  const end = [record.outcome, record.incomplete_reason, record.error_type].filter(Boolean).join(', ')
  return [
    line('exchange', record.id, ''),
    line('opened', new Date(record.timestamp).toLocaleString('sv-SE')),
    line('client', [record.client_app, record.user_agent].filter(Boolean).join('  ') || null),
    ...(record.proxy_user === null ? [] : [line('user', record.proxy_user)]),
    line('session', session),
    line(
      'asked for',
      `${record.requested_model ?? unknownMark} over ${record.frontend_type}, ${record.stream ? 'as a stream' : 'whole'} (${record.call_purpose})`,
    ),
    line(
      'answered by',
      record.backend_instance_id && `${record.backend_instance_id}: ${record.model ?? unknownMark}`,
    ),
    ...replacement(record),
    line('status', `${record.http_status_code ?? unknownMark}  ${end}`),
    ...Object.entries(record.tags).map(([name, value]) => line('tag', `${name}=${value}`)),
  ]
}

/** What random replacement did, where one of its rules concerned the exchange. */
function replacement({ replacement: decided, replaced }: ShownRecord): string[] {
  if (!decided) return []
  const { rule, decision } = decided
  const asked = decisionWords[decision] ?? decision
  const words =
    decision === 'replaced' && !replaced ? 'failed before output, so what was asked for answered' : asked
  return [line('replacement', `${words} (${rule})`)]
}

const decisionWords: Readonly<Record<string, string>> = {
  replaced: 'answered by another model than was asked for',
  lost_roll: 'rolled, and not replaced',
  first_turn: 'not replaced: the first turn of its session',
  cool_down: 'not replaced: the turn after a window',
  opted_out: 'not replaced: opted out',
  no_place: 'not replaced: all turns of the window were taken',
  target_unusable: 'not replaced: the other model could not serve',
}

function attemptLines(attempt: Attempt, index: number): string[] {
  const { backend_instance_id: backend, model, http_status_code: status, upstream_request_id: id } = attempt
  const head = `  ${index + 1}. ${backend}: ${model ?? unknownMark}`
  const what = attempt.error_type === null ? 'answered' : `${attempt.error_type}: ${attempt.reason ?? ''}`
  return [
    printable(
      `${head}  ${status ?? unknownMark}  after ${durationText(attempt.started_ms)}, for ${durationText(attempt.duration_ms)}`,
      300,
    ),
    printable(`     ${what}${id === null ? '' : `  (${id})`}`, 500),
  ]
}

function tokens(record: ShownRecord): string[] {
  const count = (value: number | null | undefined) =>
    value === null || value === undefined ? unknownMark : countText(value)
  const reported = record.backend_reported_usage
  const tools = `${record.tool_call_count}${record.tool_names.length > 0 ? `: ${record.tool_names.join(', ')}` : ''}`
  return [
    line(
      'reported',
      reported && `${count(reported.prompt_tokens)} in, ${count(reported.completion_tokens)} out`,
      '  ',
    ),
    line(
      'counted',
      `${count(record.mutated_prompt_tokens)} in, ${count(record.verbatim_completion_tokens)} out (${record.token_count_method})`,
      '  ',
    ),
    line(
      'at the client',
      `${count(record.verbatim_prompt_tokens)} in, ${count(record.mutated_completion_tokens)} out`,
      '  ',
    ),
    line('billed by', record.tokens_source, '  '),
    line('tool calls', tools, '  '),
    ...(record.tool_error_count ? [line('tool errors', String(record.tool_error_count), '  ')] : []),
  ]
}

function times(record: ShownRecord): string[] {
  return [
    line('first content', durationText(record.ttft_ms), '  '),
    line('whole', durationText(record.total_duration_ms), '  '),
    line(
      'backend',
      `${durationText(record.backend_wait_ms)} to its first byte, longest silence ${durationText(record.longest_gap_ms)}`,
      '  ',
    ),
    line('client', `${durationText(record.client_blocked_ms)} not reading`, '  '),
    line(
      'proxy',
      record.proxy_processing_ms === null ? null : `${record.proxy_processing_ms} ms of our own`,
      '  ',
    ),
    ...(record.stream_tps === null ? [] : [line('speed', `${record.stream_tps} tokens a second`, '  ')]),
  ]
}

function cost(record: ShownRecord): string[] {
  const sum = record.billing === 'subscription' ? record.list_cost_usd : record.cost_usd
  if (sum === null) return ['  unknown: no price is known for what was used']
  const parts = (record.cost_parts ?? []).map(({ kind, tokens: used, usd_per_million: rate }) => {
    const share = percentText(sum === 0 ? null : (used * rate) / 1e6 / sum)
    return `  ${kind.padEnd(16)} ${countText(used).padStart(12)} × $${rate} a million = ${usdText((used * rate) / 1e6).padStart(10)}  ${share}`
  })
  const from = [record.cost_source, record.price_version, record.cost_basis].filter(Boolean).join(', ')
  const what = record.billing === 'subscription' ? 'list price; a plan bills no tokens' : 'in all'
  return [...parts, `  ${usdText(sum)} ${what} (${from})`]
}

function line(name: string, value: string | null, indent = ''): string {
  return printable(`${indent}${name.padEnd(nameWidth - indent.length)}${value ?? unknownMark}`, 400)
}
