import { printable } from '../../core/printable.ts'
import { durationText, tokensText, unknownMark, usdText } from '../numbers.ts'
import { type Column, fitTable } from '../table.ts'

/** What the command line reads of a usage record. */
export interface RecordRow {
  id: string
  timestamp: string
  client_app: string | null
  requested_model: string | null
  model: string | null
  backend_instance_id: string | null
  attempts: number
  outcome: string
  incomplete_reason: string | null
  error_type: string | null
  http_status_code: number | null
  tokens_source: string | null
  mutated_prompt_tokens: number | null
  verbatim_completion_tokens: number | null
  backend_reported_usage: { prompt_tokens?: number; completion_tokens?: number } | null
  ttft_ms: number | null
  total_duration_ms: number
  cost_usd: number | null
  list_cost_usd: number | null
}

const idShown = 12

const columns: readonly Column<RecordRow>[] = [
  { title: 'TIME', value: ({ timestamp }) => new Date(timestamp).toLocaleTimeString('en-GB') },
  { title: 'APP', value: ({ client_app }) => text(client_app), dropOrder: 5 },
  { title: 'MODEL', value: ({ model, requested_model }) => text(model ?? requested_model) },
  { title: 'BACKEND', value: ({ backend_instance_id }) => text(backend_instance_id), dropOrder: 4 },
  { title: 'STATUS', align: 'right', value: statusText },
  { title: 'INPUT', align: 'right', value: (row) => tokens(row, 'prompt_tokens') },
  { title: 'OUTPUT', align: 'right', value: (row) => tokens(row, 'completion_tokens') },
  { title: 'TTFT', align: 'right', value: ({ ttft_ms }) => durationText(ttft_ms), dropOrder: 3 },
  {
    title: 'TIME',
    align: 'right',
    value: ({ total_duration_ms }) => durationText(total_duration_ms),
    dropOrder: 2,
  },
  { title: 'COST', align: 'right', value: costText },
  { title: 'ID', value: ({ id }) => id.slice(0, idShown), dropOrder: 1 },
  { title: 'WHAT', value: whatText, dropOrder: 6 },
]

export function printRecords(
  records: readonly RecordRow[],
  width: number,
): { text: string; hidden: string[] } {
  return fitTable(records, columns, width)
}

/** What a record's line has, whatever the terminal has room for, and its whole id. */
export function* shownTexts(record: RecordRow): Generator<string> {
  for (const { title, value } of columns) yield title === 'ID' ? record.id : value(record)
}

/** Tokens as they are shown: the provider's number, or ours where it gave none; null where nothing is known. */
export function shownTokens(row: RecordRow, which: 'prompt_tokens' | 'completion_tokens'): number | null {
  if (row.tokens_source === 'provider') return row.backend_reported_usage?.[which] ?? null
  if (row.tokens_source === null) return null
  return which === 'prompt_tokens' ? row.mutated_prompt_tokens : row.verbatim_completion_tokens
}

/** Names come from outside. */
function text(value: string | null): string {
  return value === null ? unknownMark : printable(value, 60)
}

function statusText({ http_status_code: status }: RecordRow): string {
  return status === null ? unknownMark : String(status)
}

function tokens(row: RecordRow, which: 'prompt_tokens' | 'completion_tokens'): string {
  const shown = shownTokens(row, which)
  if (shown === null) return unknownMark
  return `${row.tokens_source === 'count' ? '~' : ''}${tokensText(shown)}`
}

function costText({ cost_usd: cost, list_cost_usd: list }: RecordRow): string {
  return cost === null && list !== null ? `(${usdText(list)})` : usdText(cost)
}

function whatText({ outcome, incomplete_reason: reason, error_type: error, attempts }: RecordRow): string {
  const retries = attempts > 1 ? `${attempts} attempts` : ''
  const end = outcome === 'complete' ? '' : [outcome, reason ?? error ?? ''].filter(Boolean).join(': ')
  return [end, retries].filter(Boolean).join(', ')
}
