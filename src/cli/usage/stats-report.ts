import { countText, durationText, percentText, tokensText, unknownMark, usdText } from '../numbers.ts'
import type { Column } from '../table.ts'
import type { StatsAnswer, StatsNumbers } from './stats-shape.ts'

export interface ReportRow {
  /** One for each key of the grouping. */
  place: readonly string[]
  numbers: StatsNumbers
}

const titles: Readonly<Record<string, string>> = {
  backend_type: 'TYPE',
  frontend_type: 'FRONTEND',
  session_id: 'SESSION',
  client_app: 'APP',
  proxy_user: 'USER',
  hour_of_day: 'HOUR',
  day_of_week: 'WEEKDAY',
}
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function reportColumns(groupBy: readonly string[], hasPlans: boolean): Column<ReportRow>[] {
  const number = (
    title: string,
    value: (numbers: StatsNumbers) => string,
    dropOrder?: number,
  ): Column<ReportRow> => ({
    title,
    align: 'right',
    value: ({ numbers }) => value(numbers),
    ...(dropOrder !== undefined && { dropOrder }),
  })
  return [
    ...groupBy.map(
      (key, index): Column<ReportRow> => ({
        title: titles[key] ?? key.replace(/^tag:/, '').toUpperCase(),
        value: ({ place }) => place[index] ?? '',
      }),
    ),
    number('REQUESTS', (of) => countText(of.request_count)),
    number('ERRORS', (of) => percentText(of.error_rate), 5),
    number('INPUT', (of) => mark(of) + tokensText(of.billed_prompt_tokens)),
    number('CACHED', (of) => percentText(of.cache_hit_ratio), 4),
    number('OUTPUT', (of) => mark(of) + tokensText(of.billed_completion_tokens)),
    number('TOOLS', (of) => countText(of.total_tool_calls), 8),
    number('SESSIONS', (of) => countText(of.unique_sessions), 9),
    number('TTFT p50', (of) => durationText(of.ttft_stats?.p50_ms), 3),
    number('TTFT p95', (of) => durationText(of.ttft_stats?.p95_ms), 6),
    number('TIME p95', (of) => durationText(of.duration_stats?.p95_ms), 7),
    ...(hasPlans ? [number('PLAN', (of) => usdText(of.list_cost), 10)] : []),
    number('COST', costText),
  ]
}

/** Counted by us, at least in part, rather than reported. */
function mark({ estimated_requests }: StatsNumbers): string {
  return estimated_requests > 0 ? '~' : ''
}

/** Without any price nothing is known; 0 would say that it was free. */
function costText({ total_cost, unpriced_requests, request_count }: StatsNumbers): string {
  return unpriced_requests > 0 && unpriced_requests >= request_count ? unknownMark : usdText(total_cost)
}

export function reportRows(answer: StatsAnswer, groupBy: readonly string[]): ReportRow[] {
  const rows = (answer.groups ?? []).map((group) => ({
    place: groupBy.map((key) => placeText(key, group[key])),
    numbers: group as StatsNumbers,
  }))
  return [...rows, { place: groupBy.map((_, index) => (index === 0 ? 'Total' : '')), numbers: answer }]
}

function placeText(key: string, value: unknown): string {
  if (value === null || value === undefined) return unknownMark
  if (key === 'day_of_week') return weekdays[Number(value)] ?? String(value)
  if (key === 'hour_of_day') return `${String(value).padStart(2, '0')}:00`
  return String(value)
}

/** What the figures do not say by themselves, a line each. */
export function footnotes(answer: StatsAnswer): string[] {
  const { unpriced_requests: unpriced, estimated_requests: estimated, list_cost: list } = answer
  const notes: string[] = []
  if (estimated > 0) notes.push(`~ ${requests(estimated)} counted by us: their provider reported no usage`)
  if (unpriced > 0) {
    notes.push(
      `${requests(unpriced)} without a known price; add it under usage_tracking.prices in the configuration`,
    )
  }
  if (list > 0)
    notes.push(`${usdText(list)} is the list price of what went through plans, which bill no tokens`)
  for (const word of answer.filters_without_match) notes.push(`no exchange ever had ${word}`)
  const shown = answer.groups?.length ?? 0
  if (answer.groups_total !== undefined && answer.groups_total > shown) {
    notes.push(`${countText(answer.groups_total - shown)} more groups; raise --limit`)
  }
  return notes
}

function requests(count: number): string {
  return count === 1 ? '1 request' : `${countText(count)} requests`
}

/** `Nov 16 13:04 – Nov 23 13:04 (Europe/Berlin)` */
export function periodText({ filters }: StatsAnswer, nowMs: number): string {
  const zone = filters.time_zone ?? 'UTC'
  const format = new Intl.DateTimeFormat('en-US', {
    ...{
      timeZone: zone,
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    },
  })
  const at = (ms: number) => format.format(ms).replace(',', '')
  const from = filters.start_date === undefined ? 'the beginning' : at(Date.parse(filters.start_date))
  const until = filters.end_date === undefined ? nowMs : Math.min(nowMs, Date.parse(filters.end_date))
  return `${from} – ${at(until)} (${zone})`
}
