import type {
  LivePlanReport,
  PlannedModel,
  PlanReport,
  SkippedReport,
} from '../../../capture/replay/report/plan-report.ts'
import { printable } from '../../../core/printable.ts'
import { countText, durationText, tokensText, usdText } from '../../numbers.ts'
import { type Column, renderTable } from '../../table.ts'

/** What would be done, and nothing of it is. */
export function planLines(plan: PlanReport): string[] {
  const { mode, target, requests, sessions, takes_ms: takesMs, recorded_cost_usd: cost } = plan
  const where = mode === 'self' ? 'through a proxy in this process, without any network' : `to ${target}`
  const took = takesMs === null ? [] : [`takes ${durationText(takesMs)} by the recorded times`]
  return [
    [`${requestsText(requests)} of ${countOf(sessions, 'session')} ${printable(where)}`, ...took].join('; '),
    ...(mode === 'against' && requests > 0 ? [billingLine(cost)] : []),
    ...skippedLines(plan.skipped),
  ]
}

/** Said before recorded requests go to a proxy. */
export function billingLine(recordedCostUsd: number | null): string {
  const recorded = recordedCostUsd === null ? '' : ` (recorded: ${usdText(recordedCostUsd)})`
  return `what the proxy sends on to providers is billed as ever${recorded}`
}

export function livePlanLines(plan: LivePlanReport, width: number): string[] {
  const { hosts, requests, models } = plan
  const all: PlannedModel = { ...plan, backend: 'total', model: null }
  const rows = models.length > 1 ? [...models, all] : models
  return [
    `${requestsText(requests)} to ${printable(hosts.join(', ') || 'nobody')}, one after the other`,
    ...(rows.length === 0
      ? []
      : renderTable(rows, columns, width)
          .split('\n')
          .map((line) => `  ${line}`)),
    ...(models.some(({ cost_high_usd: cost }) => cost === null)
      ? ['  price unknown: a price in the configuration makes it known (usage_tracking.prices)']
      : []),
    ...skippedLines(plan.skipped),
  ]
}

const columns: readonly Column<PlannedModel>[] = [
  {
    title: 'MODEL',
    value: ({ backend, model }) => printable(model === null ? backend : `${backend}:${model}`, 60),
  },
  { title: 'REQUESTS', align: 'right', value: ({ requests }) => countText(requests) },
  { title: 'PROMPT TOKENS', align: 'right', value: (row) => `~${tokensText(row.prompt_tokens)}` },
  { title: 'OUTPUT TOKENS', align: 'right', value: (row) => `≤${tokensText(row.max_output_tokens)}` },
  { title: 'EST. COST', align: 'right', value: costText },
]

function costText({ cost_low_usd: low, cost_high_usd: high }: PlannedModel): string {
  if (low === null || high === null) return 'price unknown'
  return low === high ? usdText(high) : `${usdText(low)} – ${usdText(high)}`
}

/** By their reasons. */
function skippedLines(skipped: readonly SkippedReport[]): string[] {
  const reasons = new Map<string, number>()
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  return [...reasons].map(([reason, count]) => `${countText(count)} not sent: ${printable(reason)}`)
}

function requestsText(count: number): string {
  return countOf(count, 'request')
}

function countOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`
}
