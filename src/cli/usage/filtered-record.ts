import { protocolNames } from '../../core/protocol-name.ts'
import type { NumberSource, SubjectKind, TextSource, Unit } from '../../filters/subject.ts'
import { type RecordRow, shownTexts, shownTokens } from './print-records.ts'

/** What a filter reads of a usage record beside what is shown of it. */
export interface FilteredRecord extends RecordRow {
  session_id: string | null
  turn_number: number | null
  frontend_type: string
  stream: boolean
  call_purpose: string
  attempt_log: readonly { backend_instance_id: string; backend_type: string }[]
  replaced: boolean
  tags: Readonly<Record<string, string>>
  billing: string | null
  tool_names: readonly string[]
  tool_call_count: number
  tool_error_count: number | null
  stream_tps: number | null
  backend_wait_ms: number | null
  queued_ms: number
  longest_gap_ms: number | null
  user_agent: string | null
  proxy_user: string | null
  backend_reported_usage: Reported | null
}

interface Reported {
  prompt_tokens?: number
  completion_tokens?: number
  prompt_tokens_details?: { cached_tokens?: number }
  completion_tokens_details?: { reasoning_tokens?: number }
}

type Text = [name: string, source: TextSource<FilteredRecord>]
type Numeric = [name: string, source: NumberSource<FilteredRecord>]

/** Usage records as filters ask for them, in the words of the command line's flags and columns. */
export const filteredRecord: SubjectKind<FilteredRecord> = {
  noun: 'a usage record',
  texts: new Map([
    text('id', ({ id }) => id),
    text('session', ({ session_id }) => session_id),
    text('model', ({ model, requested_model }) => model ?? requested_model),
    text('requested_model', ({ requested_model }) => requested_model),
    texts('backend', ({ attempt_log }) =>
      attempt_log.flatMap(({ backend_instance_id, backend_type }) => [backend_instance_id, backend_type]),
    ),
    text('app', ({ client_app }) => client_app),
    text('user', ({ proxy_user }) => proxy_user),
    text('agent', ({ user_agent }) => user_agent),
    texts('tag', ({ tags }) => Object.entries(tags).flatMap(([name, value]) => [name, `${name}=${value}`])),
    texts('tool', ({ tool_names }) => tool_names),
    text('error', ({ error_type }) => error_type),
    text('outcome', ({ outcome }) => outcome, ['complete', 'incomplete', 'error', 'rejected']),
    text('reason', ({ incomplete_reason }) => incomplete_reason, [
      ...['client_disconnect', 'backend_error', 'timeout', 'truncated', 'shutdown', 'crash'],
    ]),
    text('frontend', ({ frontend_type }) => frontend_type, protocolNames),
    // Calls that only count tokens are in no list.
    text('purpose', ({ call_purpose }) => call_purpose, ['chat', 'title', 'embedding', 'other']),
    text('billing', ({ billing }) => billing, ['api', 'subscription']),
    text('stream', ({ stream }) => String(stream), ['true', 'false']),
    text('replaced', ({ replaced }) => String(replaced), ['true', 'false']),
  ]),
  numbers: new Map([
    number('status', 'plain', ({ http_status_code }) => http_status_code),
    number('ttft', 'duration', ({ ttft_ms }) => ttft_ms),
    number('duration', 'duration', ({ total_duration_ms }) => total_duration_ms),
    number('gap', 'duration', ({ longest_gap_ms }) => longest_gap_ms),
    number('wait', 'duration', ({ backend_wait_ms }) => backend_wait_ms),
    number('queued', 'duration', ({ queued_ms }) => queued_ms),
    number('in_tokens', 'count', (row) => shownTokens(row, 'prompt_tokens')),
    number('out_tokens', 'count', (row) => shownTokens(row, 'completion_tokens')),
    number('cached_tokens', 'count', ({ backend_reported_usage: usage }) => {
      return usage?.prompt_tokens_details?.cached_tokens ?? null
    }),
    number('reasoning_tokens', 'count', ({ backend_reported_usage: usage }) => {
      return usage?.completion_tokens_details?.reasoning_tokens ?? null
    }),
    number('cost', 'usd', ({ cost_usd }) => cost_usd),
    number('list_cost', 'usd', ({ list_cost_usd }) => list_cost_usd),
    number('turn', 'plain', ({ turn_number }) => turn_number),
    number('attempts', 'plain', ({ attempts }) => attempts),
    number('tools', 'count', ({ tool_call_count }) => tool_call_count),
    number('tool_errors', 'count', ({ tool_error_count }) => tool_error_count),
    number('tps', 'plain', ({ stream_tps }) => stream_tps),
  ]),
  facts: new Map([
    ['failed', ({ error_type, outcome }) => error_type !== null || outcome === 'error'],
    ['answered', ({ http_status_code }) => http_status_code !== null],
    ['unanswered', ({ http_status_code }) => http_status_code === null],
  ]),
  shown: shownTexts,
}

function text(
  name: string,
  value: (record: FilteredRecord) => string | null,
  oneOf?: readonly string[],
): Text {
  const values = (record: FilteredRecord) => {
    const found = value(record)
    return found === null ? null : [found]
  }
  return [name, { values, ...(oneOf && { oneOf }) }]
}

function texts(name: string, values: (record: FilteredRecord) => readonly string[]): Text {
  return [name, { values }]
}

function number(name: string, unit: Unit, value: (record: FilteredRecord) => number | null): Numeric {
  return [name, { unit, value }]
}
